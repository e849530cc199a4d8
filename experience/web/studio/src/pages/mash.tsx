import { Page } from '../../../ui/show/page.tsx'

export const MashPage = () => <Page title="mash">soon</Page>
