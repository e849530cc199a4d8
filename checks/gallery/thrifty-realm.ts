import { hoardOf } from './programs/hoard.ts'

export default hoardOf('2', () => 'enough')
