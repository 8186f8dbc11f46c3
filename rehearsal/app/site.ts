import { readFile } from "node:fs/promises";
import type { SiteDocument } from "../../components/site-document.ts";

/** Reads what the server was told at its boot. @throws Error that says what is wrong with the document */
export async function readSite(path: string): Promise<SiteDocument> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`there is no site document at ${path} (${error.code}): the server's user data writes it at boot`);
  });
  let document: Partial<SiteDocument>;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`the site document ${path} is no JSON: ${(error as Error).message}`);
  }
  const missing = (["workload", "site", "appName", "port", "healthPath", "content"] as const).filter(
    (key) => !document[key],
  );
  if (missing.length > 0) throw new Error(`the site document ${path} lacks ${missing.join(", ")}`);
  return document as SiteDocument;
}
