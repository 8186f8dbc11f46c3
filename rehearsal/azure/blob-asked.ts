import type { IncomingMessage } from "node:http";
import type { BlobRequest } from "./access.ts";
import { nameIn } from "./blob-names.ts";
import { pairs } from "./blob-rules.ts";
import type { Place } from "./blob-versions.ts";
import type { Resource } from "./resource-manager.ts";

/** A request of a client, and what it is for. */
export interface Asked {
  account: Resource;
  request: BlobRequest;
  place: Place;
  /** Path at Azurite, with the query. */
  path: string;
  headers: Record<string, unknown>;
  /** Whether the account keeps versions. */
  versions: boolean;
}

/** The account that a request is for, by its name. */
export function accountIn({ url = "/" }: IncomingMessage): string {
  return (url.split("?", 1)[0] ?? "").split("/", 2)[1] ?? "";
}

/** Reads a request to an account. @param behind Azurite's account behind it */
export function readRequest(incoming: IncomingMessage, account: Resource, behind: string, versions: boolean): Asked {
  const { url = "/", method = "GET", rawHeaders } = incoming;
  // The path as it came: what is judged must be what is handed on, and a blob may well be called "a/../b".
  const [pathname = "", query] = url.split("?", 2);
  const [, accountName = "", written = "", ...rest] = pathname.split("/");
  // Clients write `$web` with an escape.
  const container = nameIn(written);
  const blob = rest.join("/");
  const { host: _, ...headers } = incoming.headers;
  return {
    account,
    request: {
      method,
      container,
      blob,
      query: new URLSearchParams(query),
      onlyIfNew: headers["if-none-match"] === "*",
      setsTags: headers["x-ms-tags"] !== undefined,
    },
    place: { account: accountName, behind, container, blob: nameIn(blob) },
    path: `/${behind}${url.slice(accountName.length + 1)}`,
    headers: withCase(headers, rawHeaders),
    versions,
  };
}

/** Names of metadata keep the case in which they came, which a list shows. */
export function withCase(headers: object, rawHeaders: string[]): Record<string, unknown> {
  const own: Record<string, unknown> = { ...headers };
  for (const [name] of pairs(rawHeaders)) {
    const small = name.toLowerCase();
    if (name === small || !small.startsWith("x-ms-meta-") || !(small in own)) continue;
    own[name] = own[small];
    delete own[small];
  }
  return own;
}
