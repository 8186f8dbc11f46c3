import { generate } from "selfsigned";
import type { Certificate } from "./certificate.ts";

/** A certificate for names, not for addresses. */
export interface HostCertificate {
  /** The names, `*.` before one for everything directly below it. */
  names: readonly string[];
  certificate: string;
  key: string;
  /** Whether a client that asks for the name accepts it. */
  covers(name: string): boolean;
}

/** Issues a certificate for names, which everybody accepts who trusts the run's. */
export async function issueForHosts(authority: Certificate, names: readonly string[]): Promise<HostCertificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: String(names[0]) }], {
    algorithm: "sha256",
    keySize: 2048,
    notAfterDate: new Date(Date.now() + 2 * 24 * 60 * 60 * 1000),
    ca: { key: authority.key, cert: authority.certificate },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
  return { names, certificate: cert, key, covers: (name) => names.some((each) => matches(each, name)) };
}

function matches(pattern: string, name: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === name.toLowerCase();
  return name.toLowerCase().replace(/^[^.]+/, "*") === pattern;
}
