import { z } from "zod";
import { SECRET_ACTIONS } from "./access.ts";
import { changeVersion, type SecretVersion, type StoredSecret, type VaultSecrets } from "./vault-secrets.ts";

/** A request that a vault refuses, with Azure's own status and error codes. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly inner: string | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { inner?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.inner = more.inner;
    this.headers = more.headers ?? {};
  }
}

/** A request to a vault's data plane. */
export interface VaultRequest {
  method: string;
  url: URL;
  body: string;
}

/** One vault, as who asks sees it. */
export interface VaultView {
  /** Where it answers, with a slash at the end. */
  uri: string;
  secrets: VaultSecrets;
  /** @param secret its name, or nothing for the vault itself @throws Refused when whoever asks may not */
  authorize(action: string, secret?: string): void;
}

/** The longest value of a secret in bytes, and the most tags and the longest value of one ("About Azure Key Vault secrets"). */
export const LONGEST_SECRET = 25_000;
const MOST_TAGS = 15;
const LONGEST_TAG = 256;

/** The most secrets of one page (Get Secrets, maxresults). */
const PAGE = 25;

const TAGS = z.record(z.string(), z.string());
const ATTRIBUTES = z.object({ enabled: z.boolean().optional() });
const SET = z.object({
  value: z.string(),
  contentType: z.string().max(255).optional(),
  tags: TAGS.optional(),
  attributes: ATTRIBUTES.optional(),
});
const CHANGE = SET.omit({ value: true });

/**
 * Answers a request to the secrets of a vault: first whether whoever asks may, then for what ("Key Vault REST API").
 *
 * @throws Refused as the vault would refuse it
 */
export function answerVault(view: VaultView, { method, url, body }: VaultRequest): object {
  if (!url.searchParams.has("api-version")) throw bad("api-version must be specified");
  const [, collection, name = "", version = ""] = url.pathname.split("/");
  if (collection !== "secrets") throw unknown();
  if (name === "") return method === "GET" ? listSecrets(view, url) : refuseUnknown();
  if (method === "PUT" && version === "") return setSecret(view, name, body);
  if (method === "PATCH") return changeSecret(view, name, version, body);
  if (method === "DELETE" && version === "") return deleteSecret(view, name);
  if (method !== "GET") throw unknown();
  return version === "versions" ? listVersions(view, name, url) : getSecret(view, name, version);
}

function listSecrets(view: VaultView, url: URL): object {
  view.authorize(SECRET_ACTIONS.list);
  const newest = view.secrets
    .list()
    .map(({ name, versions }) => ({ id: `${view.uri}secrets/${name}`, of: versions.at(-1) }));
  return page(view, "secrets", url, newest);
}

function listVersions(view: VaultView, name: string, url: URL): object {
  view.authorize(SECRET_ACTIONS.list, name);
  const { name: written, versions } = findSecret(view, name);
  const all = versions.map((of) => ({ id: `${view.uri}secrets/${written}/${of.id}`, of }));
  return page(view, `secrets/${name}/versions`, url, all);
}

/** A page of a list, which never tells a value, and where the next is. */
function page(
  { uri }: VaultView,
  path: string,
  { searchParams }: URL,
  all: { id: string; of: SecretVersion | undefined }[],
): object {
  const most = Number(searchParams.get("maxresults") ?? PAGE);
  if (!(Number.isInteger(most) && most >= 1 && most <= PAGE)) throw bad(`maxresults must be from 1 to ${PAGE}`);
  const from = Number(searchParams.get("$skiptoken") ?? 0);
  const value = all.slice(from, from + most).map(({ id, of }) => of && { id, ...described(of) });
  const next = `${uri}${path}?api-version=${searchParams.get("api-version")}&$skiptoken=${from + most}&maxresults=${most}`;
  return { value, nextLink: from + most < all.length ? next : null };
}

function getSecret(view: VaultView, name: string, version: string): object {
  view.authorize(SECRET_ACTIONS.get, name);
  const secret = findSecret(view, name);
  const found = findVersion(secret, version);
  if (!found.enabled) {
    throw new Refused(403, "Forbidden", "Operation get is not allowed on a disabled secret.", {
      inner: "SecretDisabled",
    });
  }
  return { value: found.value, ...bundle(view, secret, found) };
}

function setSecret(view: VaultView, name: string, body: string): object {
  view.authorize(SECRET_ACTIONS.set, name);
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) throw bad(`The request URI contains an invalid name: ${name}`);
  const { value, contentType, tags = {}, attributes } = read(SET, body);
  if (Buffer.byteLength(value) > LONGEST_SECRET) throw bad(`Secret value has ${Buffer.byteLength(value)} bytes`);
  expectTags(tags);
  if (view.secrets.get(name)?.deleted) {
    const message = `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused.`;
    throw new Refused(409, "Conflict", message, { inner: "ObjectIsDeletedButRecoverable" });
  }
  const enabled = attributes?.enabled ?? true;
  const secret = view.secrets.add(name, { value, ...(contentType !== undefined && { contentType }), enabled, tags });
  return { value, ...bundle(view, secret, findVersion(secret, "")) };
}

/** Without a version the newest is changed, as Azure's own command relies on (az keyvault secret set-attributes). */
function changeSecret(view: VaultView, name: string, version: string, body: string): object {
  view.authorize(SECRET_ACTIONS.change, name);
  const { contentType, tags, attributes } = read(CHANGE, body);
  expectTags(tags ?? {});
  const secret = findSecret(view, name);
  const found = findVersion(secret, version);
  changeVersion(found, {
    ...(contentType !== undefined && { contentType }),
    ...(tags && { tags }),
    ...(attributes?.enabled !== undefined && { enabled: attributes.enabled }),
  });
  return bundle(view, secret, found);
}

function deleteSecret(view: VaultView, name: string): object {
  view.authorize(SECRET_ACTIONS.delete, name);
  const secret = findSecret(view, name);
  secret.deleted = true;
  return bundle(view, secret, findVersion(secret, ""));
}

function findSecret({ secrets }: VaultView, name: string): StoredSecret {
  const secret = secrets.get(name);
  if (secret && !secret.deleted) return secret;
  throw new Refused(404, "SecretNotFound", `A secret with (name/id) ${name} was not found in this key vault.`);
}

function findVersion({ name, versions }: StoredSecret, version: string): SecretVersion {
  const found = version === "" ? versions.at(-1) : versions.find(({ id }) => id === version);
  if (found) return found;
  throw new Refused(
    404,
    "SecretNotFound",
    `A secret with (name/id) ${name}/${version} was not found in this key vault.`,
  );
}

function bundle({ uri }: VaultView, { name }: StoredSecret, version: SecretVersion): object {
  return { id: `${uri}secrets/${name}/${version.id}`, ...described(version) };
}

function described({ contentType, enabled, created, updated, tags = {} }: SecretVersion): object {
  const attributes = { enabled, created, updated, recoveryLevel: "Recoverable", recoverableDays: 90 };
  return { ...(contentType !== undefined && { contentType }), attributes, tags };
}

function expectTags(tags: Record<string, string>): void {
  if (Object.keys(tags).length > MOST_TAGS) throw bad(`A secret has ${MOST_TAGS} tags at most`);
  if (Object.values(tags).some(({ length }) => length > LONGEST_TAG))
    throw bad(`A tag has ${LONGEST_TAG} letters at most`);
}

function read<T>(schema: z.ZodType<T>, body: string): T {
  try {
    return schema.parse(JSON.parse(body));
  } catch {
    throw bad("The request body is not as it should be");
  }
}

function bad(message: string): Refused {
  return new Refused(400, "BadParameter", message);
}

function unknown(): Refused {
  return new Refused(
    501,
    "NotImplemented",
    "The local Azure lists, gets, sets, changes and deletes secrets, and no more.",
  );
}

function refuseUnknown(): never {
  throw unknown();
}
