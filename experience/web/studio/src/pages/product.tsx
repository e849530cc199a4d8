import { Page } from '../../../ui/show/page.tsx'

export const ProductPage = () => <Page title="product">soon</Page>
