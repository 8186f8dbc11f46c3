import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { generate } from "selfsigned";

/** A certificate for the loopback that vouches for itself, as PEM texts and as the files that hold them. */
export interface Certificate {
  certificate: string;
  key: string;
  certificateFile: string;
  keyFile: string;
}

/**
 * Makes a certificate for 127.0.0.1 and localhost, good for two days, in `folder`, and has this process trust
 * it: the clouds' own SDKs take no certificate of one's own.
 */
export async function makeCertificate(folder: string): Promise<Certificate> {
  // A name of its own: of several certificates with one name a process comes to trust only the first ones.
  const commonName = `local clouds ${crypto.randomUUID()}`;
  const { cert, private: key } = await generate([{ name: "commonName", value: commonName }], {
    algorithm: "sha256",
    keySize: 2048,
    notAfterDate: new Date(Date.now() + 2 * 24 * 60 * 60 * 1000),
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  const certificateFile = join(folder, "certificate.pem");
  const keyFile = join(folder, "key.pem");
  await writeFile(certificateFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  setDefaultCACertificates([...getCACertificates("default"), cert]);
  return { certificate: cert, key, certificateFile, keyFile };
}
