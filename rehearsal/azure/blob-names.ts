/** A blob's name as it stands in a URL, its slashes as they are. */
export function inUrl(name: unknown): string {
  return String(name).split("/").map(encodeURIComponent).join("/");
}

/** The name that a URL has for a blob; what is no such name stays as it is. */
export function nameIn(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
