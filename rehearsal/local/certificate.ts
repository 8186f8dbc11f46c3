import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { generate } from "selfsigned";

/** A certificate for an address of the loopback, as PEM texts and as the files that hold them. */
export interface Certificate {
  certificate: string;
  key: string;
  certificateFile: string;
  keyFile: string;
}

/**
 * Makes a certificate for 127.0.0.1 and localhost that vouches for itself, good for two days, in `folder`, and
 * has this process trust it: the clouds' own SDKs take no certificate of one's own.
 */
export async function makeCertificate(folder: string): Promise<Certificate> {
  // A name of its own: of several certificates with one name a process comes to trust only the first ones.
  const made = await write(folder, `local clouds ${crypto.randomUUID()}`, "127.0.0.1");
  setDefaultCACertificates([...getCACertificates("default"), made.certificate]);
  return made;
}

/**
 * Makes a certificate for another address of the loopback, in `folder`, for which `authority` vouches: whoever
 * trusts that one needs nothing more.
 */
export function issueCertificate(authority: Certificate, folder: string, address: string): Promise<Certificate> {
  return write(folder, address, address, authority);
}

async function write(folder: string, name: string, ip: string, authority?: Certificate): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
    algorithm: "sha256",
    keySize: 2048,
    notAfterDate: new Date(Date.now() + 2 * 24 * 60 * 60 * 1000),
    ca: authority && { key: authority.key, cert: authority.certificate },
    extensions: [
      { name: "basicConstraints", cA: !authority },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip },
        ],
      },
    ],
  });
  const certificateFile = join(folder, "certificate.pem");
  const keyFile = join(folder, "key.pem");
  await writeFile(certificateFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  return { certificate: cert, key, certificateFile, keyFile };
}
