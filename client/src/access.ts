/** Where sockets are opened, and as whom. */
export interface Access {
  url: string
  tenantId: string | undefined
  token(): Promise<string | undefined>
}
