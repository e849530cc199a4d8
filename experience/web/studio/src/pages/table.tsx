import { Page } from '../../../ui/show/page.tsx'

export const TablePage = () => <Page title="table">soon</Page>
