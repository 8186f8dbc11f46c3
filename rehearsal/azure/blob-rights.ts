import type { IncomingMessage } from "node:http";
import { allow, assignmentsOf, type BlobRequest, dependOnTags, neededFor } from "./access.ts";
import type { Authority } from "./authority.ts";
import { type AzuriteClient, STORAGE_AUDIENCE } from "./azurite-client.ts";
import type { Asked } from "./blob-asked.ts";
import { Refused } from "./blob-refusal.ts";
import { type BlobVersions, type Place, pathOf } from "./blob-versions.ts";
import type { Resource, ResourceManager } from "./resource-manager.ts";

/** Who may do what with blobs, by the account's settings and the caller's role assignments; Azurite knows neither. */
export class BlobRights {
  readonly #resources: ResourceManager;
  readonly #authority: Authority;
  readonly #azurite: AzuriteClient;
  readonly #versions: BlobVersions;

  constructor(resources: ResourceManager, authority: Authority, azurite: AzuriteClient, versions: BlobVersions) {
    this.#resources = resources;
    this.#authority = authority;
    this.#azurite = azurite;
    this.#versions = versions;
  }

  /** @returns who asks; @throws Refused */
  async authorize(incoming: IncomingMessage, { account, place, request }: Asked): Promise<string> {
    const [scheme, token = ""] = (incoming.headers.authorization ?? "").split(" ");
    if (scheme === "SharedKey" || scheme === "SharedKeyLite") {
      const message = "Key based authentication is not permitted on this storage account.";
      if (account.properties.allowSharedKeyAccess === false) {
        throw new Refused(403, "KeyBasedAuthenticationNotPermitted", message);
      }
      throw new Refused(501, "NotImplemented", "The local Azure takes tokens only; forbid shared keys on the account.");
    }
    if (scheme !== "Bearer") {
      throw new Refused(401, "NoAuthenticationInformation", "Server failed to authenticate the request.");
    }
    const principal = await this.#authority.principalOf(token, STORAGE_AUDIENCE);
    if (!principal) throw new Refused(401, "InvalidAuthenticationInfo", "The token is not valid for Azure Storage.");
    if (!(await this.may(principal, account, place, request))) {
      throw new Refused(
        403,
        "AuthorizationPermissionMismatch",
        "This request is not authorized to perform this operation using this permission.",
      );
    }
    return principal;
  }

  /** Whether a principal may do what a request asks for. */
  async may(principal: string, account: Resource, place: Place, request: BlobRequest): Promise<boolean> {
    const scope = `${account.id}/blobServices/default/containers/${request.container}`;
    const assignments = assignmentsOf(this.#resources, principal, scope);
    const tagged = request.blob !== "" && dependOnTags(assignments);
    const judged = tagged ? { ...request, tags: await this.#tagsOf(place, request.query) } : request;
    return neededFor(judged).every((actions) => allow(this.#resources, assignments, actions, judged));
  }

  /** The index tags of what a request is for. */
  async #tagsOf(place: Place, query: URLSearchParams): Promise<Record<string, string>> {
    const id = query.get("versionid");
    const path = id !== null && this.#versions.former(place, id) ? this.#versions.held(place, id) : pathOf(place);
    const { status, body } = await this.#azurite.ask("GET", `${path}?comp=tags`);
    if (status !== 200) return {};
    // What may be in a tag needs no escapes in XML.
    const tags = body.matchAll(/<Key>([^<]*)<\/Key><Value>([^<]*)<\/Value>/g);
    return Object.fromEntries([...tags].map(([, name = "", value = ""]) => [name, value]));
  }
}
