/** An authority of one's own (AZURE_AUTHORITY_HOST) is unknown to the public clouds' instance discovery. */
export function authorityOptions(): { disableInstanceDiscovery: boolean } {
  return { disableInstanceDiscovery: process.env.AZURE_AUTHORITY_HOST !== undefined };
}
