/** Instead of the app, where nobody has built it. */
export const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Not built yet</title>
<h1>This app is not built yet</h1>
<p>Run <code>npm start</code>, or <code>npm run build -w @biplane/web</code>, and load this page again.
</html>
`
