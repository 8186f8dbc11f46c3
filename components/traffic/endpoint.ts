/** A host and what to ask it for, as a health check takes them. */
export interface Endpoint {
  fqdn: string;
  port: number;
  resourcePath: string;
}

/**
 * A file of a website.
 *
 * @param website its HTTPS address, with or without a slash at its end @example "https://shopmarker.z1.web.core.windows.net/"
 * @param file its path there @example "declared/site.json"
 */
export function fileOf(website: string, file: string): Endpoint {
  const { hostname, port, pathname } = new URL(website);
  return {
    fqdn: hostname,
    port: port === "" ? 443 : Number(port),
    resourcePath: `${pathname.replace(/\/$/, "")}/${file}`,
  };
}
