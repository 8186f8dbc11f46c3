/**
 * Reads the variables that a function cannot work without.
 *
 * @throws Error that names every missing one
 */
export function requireEnvironment<const Name extends string>(...names: Name[]): Record<Name, string> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    throw new Error(`expected the environment variables ${missing.join(", ")}, found nothing; the stack sets them`);
  }
  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as Record<Name, string>;
}
