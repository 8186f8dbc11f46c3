import type { IncomingHttpHeaders } from "node:http";
import type { State } from "./store.ts";

/** What both clouds tell of an object in the same headers. */
export function commonState(headers: IncomingHttpHeaders): Pick<State, "etag" | "bytes" | "modified" | "headers"> {
  const text = (name: string) => headers[name]?.toString();
  return {
    etag: (text("etag") ?? "").replaceAll('"', ""),
    bytes: Number(text("content-length") ?? 0),
    modified: new Date(text("last-modified") ?? 0),
    headers: {
      contentType: text("content-type"),
      contentEncoding: text("content-encoding"),
      contentLanguage: text("content-language"),
      contentDisposition: text("content-disposition"),
      cacheControl: text("cache-control"),
    },
  };
}

/** The headers whose names begin so, without that beginning. */
export function withPrefix(headers: IncomingHttpHeaders, prefix: string): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), String(value)]));
}
