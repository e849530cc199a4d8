import { Page } from '../../../ui/show/page.tsx'

export const NewMash = () => <Page title="new-mash">soon</Page>
