/** A text as a part of a URL: every byte is encoded but letters, digits and `-._~`, which both clouds' signatures want. */
function encodeText(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A name as a path: its slashes stay. */
export function encodePath(name: string): string {
  return encodeText(name).replaceAll("%2F", "/");
}

/** A query, in the order of its names. */
export function encodeQuery(query: Record<string, string>): string {
  return Object.keys(query)
    .sort()
    .map((name) => `${encodeText(name)}=${encodeText(query[name] ?? "")}`)
    .join("&");
}
