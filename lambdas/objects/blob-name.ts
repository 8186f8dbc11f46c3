/**
 * Why a key cannot be the name of a blob as it is; undefined when it can.
 *
 * Azure takes such names and changes them, so that two keys would share one copy: it turns a backslash into
 * a slash, and drops the dots at the end of a path segment ("Naming and referencing containers, blobs, and
 * metadata").
 */
export function blobNameProblem(key: string): string | undefined {
  const found = key.includes("\\") ? "a backslash" : /\.(\/|$)/.test(key) ? "a path segment that ends with a dot" : "";
  return found ? `Azure cannot hold a blob of this name, it has ${found}; rename the object` : undefined;
}
