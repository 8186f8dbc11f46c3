import type { Answer, AzuriteClient } from "./azurite-client.ts";
import type { BlobVersions, Place } from "./blob-versions.ts";

/** What a page may hold at most ("List Blobs"). */
const LARGEST_PAGE = 5000;

/** A blob or a common beginning of names in a page. */
interface Entry {
  /** Of the blob, or what the names have in common. */
  name: string;
  /** Empty for what has none. */
  id: string;
  xml: string;
  /** What to go on after in the list that it comes from. */
  marker: string;
}

/**
 * A page of all versions of the blobs of a container, the oldest of each first ("List Blobs"): those that are the
 * current ones are in one container of Azurite's, the former ones in another, each in the order of its names.
 *
 * @param query as the client sent it
 */
export async function listVersions(
  azurite: AzuriteClient,
  versions: BlobVersions,
  where: Omit<Place, "blob">,
  query: URLSearchParams,
): Promise<Answer> {
  const most = Math.min(Number(query.get("maxresults") ?? LARGEST_PAGE), LARGEST_PAGE);
  const from = readMarker(query.get("marker"));
  const included = (query.get("include") ?? "").split(",");
  const ask = (path: string, marker: string) => azurite.ask("GET", `${path}?${asked(query, included, marker, most)}`);
  const visible = `/${where.behind}/${where.container}`;
  const first = await ask(visible, from.current);
  if (first.status !== 200) return first;

  const hidden = versions.hidden(where);
  const current = entries(
    first,
    (marker) => ask(visible, marker),
    (entry) => showCurrent(entry, versions, where),
  );
  const former = entries(
    await ask(hidden, from.former),
    (marker) => ask(hidden, marker),
    (entry) => showFormer(entry, versions, where, included.includes("deleted")),
  );
  const { xml, next } = await merge(current, former, most, from);
  const head = first.body
    .slice(0, first.body.indexOf("<Blobs"))
    .replace(/<Marker>[^<]*<\/Marker>|<Marker\/>/, `<Marker>${query.get("marker") ?? ""}</Marker>`);
  const body = `${head}<Blobs>${xml.join("")}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`;
  return { ...first, body };
}

/** The query for one of the two lists. */
function asked(query: URLSearchParams, included: string[], marker: string, most: number): URLSearchParams {
  const own = new URLSearchParams(query);
  own.set("marker", marker);
  own.set("maxresults", String(most));
  const known = included.filter((each) => each === "metadata" || each === "tags");
  own.delete("include");
  if (known.length > 0) own.set("include", known.join(","));
  return own;
}

async function* entries(
  first: Answer,
  more: (marker: string) => Promise<Answer>,
  show: (entry: Entry) => Promise<Entry | undefined>,
): AsyncGenerator<Entry> {
  // Where nothing was ever overwritten there is no container of former versions.
  for (let page = first; page.status === 200; ) {
    for (const entry of entriesIn(page.body)) {
      const shown = entry.xml.startsWith("<BlobPrefix>") ? entry : await show(entry);
      if (shown) yield shown;
    }
    const next = /<NextMarker>([^<]+)<\/NextMarker>/.exec(page.body)?.[1];
    if (next === undefined) return;
    page = await more(unescaped(next));
  }
}

/** What a page has, by name: Azurite writes what names have in common before everything else. */
function entriesIn(body: string): Entry[] {
  return [...body.matchAll(/<Blob>.*?<\/Blob>|<BlobPrefix>.*?<\/BlobPrefix>/gs)]
    .map(([xml]) => {
      const name = unescaped(/<Name>([^<]*)<\/Name>/.exec(xml)?.[1] ?? "");
      return { name, id: "", xml, marker: xml.startsWith("<BlobPrefix>") ? `${name}\uffff` : name };
    })
    .sort(compare);
}

async function showCurrent(entry: Entry, versions: BlobVersions, where: Omit<Place, "blob">): Promise<Entry> {
  const etag = /<Etag>([^<]*)<\/Etag>/.exec(entry.xml)?.[1] ?? "";
  const version = await versions.read({ ...where, blob: entry.name }, etag);
  const id = version?.id ?? "";
  const told = `${id && `<VersionId>${id}</VersionId>`}${version?.current === false ? "" : "<IsCurrentVersion>true</IsCurrentVersion>"}`;
  return { ...entry, id, xml: entry.xml.replace("</Name>", () => `</Name>${told}`) };
}

async function showFormer(
  entry: Entry,
  versions: BlobVersions,
  where: Omit<Place, "blob">,
  withDeleted: boolean,
): Promise<Entry | undefined> {
  const tab = entry.name.lastIndexOf("\t");
  const [name, id] = [entry.name.slice(0, tab), entry.name.slice(tab + 1)];
  // One that is not known was only set aside: the write that it was for is still under way.
  const former = versions.former({ ...where, blob: name }, id);
  if (!former || (former.deleted && !withDeleted)) return undefined;
  const told = `${former.deleted ? "<Deleted>true</Deleted>" : ""}<VersionId>${id}</VersionId>`;
  const xml = entry.xml
    .replace(/\t[^<]*<\/Name>/, () => `</Name>${told}`)
    .replace(/<Etag>[^<]*<\/Etag>/, () => `<Etag>${former.etag}</Etag>`)
    .replace(/<Last-Modified>[^<]*<\/Last-Modified>/, () => `<Last-Modified>${former.modified}</Last-Modified>`)
    // That Azurite holds it as a copy is nobody's business.
    .replace(/<(Copy\w+|IncrementalCopy)>[^<]*<\/\1>/g, "");
  return { ...entry, name, id, xml };
}

async function merge(
  current: AsyncGenerator<Entry>,
  former: AsyncGenerator<Entry>,
  most: number,
  from: { current: string; former: string },
): Promise<{ xml: string[]; next: string }> {
  const seen = { ...from };
  const xml: string[] = [];
  let [one, other] = [await current.next(), await former.next()];
  for (let before: Entry | undefined; !one.done || !other.done; ) {
    const takeFormer = !other.done && (one.done || compare(other.value, one.value) < 0);
    const entry = (takeFormer ? other.value : one.value) as Entry;
    // The same in both: a beginning of names, or a version that became a former one meanwhile.
    const again = before !== undefined && compare(before, entry) === 0;
    if (!again && xml.length === most) return { xml, next: Buffer.from(JSON.stringify(seen)).toString("base64url") };
    if (!again) xml.push(entry.xml);
    seen[takeFormer ? "former" : "current"] = entry.marker;
    before = entry;
    if (takeFormer) other = await former.next();
    else one = await current.next();
  }
  return { xml, next: "" };
}

function compare(one: Entry, other: Entry): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.id === other.id ? 0 : one.id < other.id ? -1 : 1;
}

function readMarker(marker: string | null): { current: string; former: string } {
  return marker ? JSON.parse(Buffer.from(marker, "base64url").toString()) : { current: "", former: "" };
}

function unescaped(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(
      /&(lt|gt|quot|apos|amp);/g,
      (_, name) => ({ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" })[name as "lt"],
    );
}
