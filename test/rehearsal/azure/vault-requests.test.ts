import { expect } from "chai";
import { SECRET_ACTIONS } from "../../../rehearsal/azure/access.ts";
import { answerVault, Refused } from "../../../rehearsal/azure/vault-requests.ts";
import { VaultSecrets } from "../../../rehearsal/azure/vault-secrets.ts";

const URI = "https://vault.local/";

describe("the data plane of a local vault", () => {
  let secrets: VaultSecrets;
  let denied: string[];
  let asked: [string, string | undefined][];
  beforeEach(() => {
    secrets = new VaultSecrets();
    denied = [];
    asked = [];
  });

  function ask(method: string, path: string, body: object | string = "") {
    const authorize = (action: string, secret?: string) => {
      asked.push([action, secret]);
      if (denied.includes(action)) throw new Refused(403, "Forbidden", "no", { inner: "ForbiddenByRbac" });
    };
    const url = new URL(`${path}${path.includes("?") ? "&" : "?"}api-version=7.4`, URI);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return answerVault({ uri: URI, secrets, authorize }, { method, url, body: text }) as Record<string, unknown>;
  }
  const refusal = (method: string, path: string, body: object | string = ""): [number, string | undefined] => {
    try {
      ask(method, path, body);
    } catch (error) {
      const { status, inner, code } = error as Refused;
      return [status, inner ?? code];
    }
    throw new Error("it was not refused");
  };

  it("sets a secret, and gives it back with tags and type, under any case of its name", () => {
    const { id } = ask("PUT", "secrets/Api", { value: "one", contentType: "text/plain", tags: { a: "b" } });
    expect(id).to.match(/^https:\/\/vault\.local\/secrets\/Api\/[0-9a-f]{32}$/);
    const found = ask("GET", "secrets/aPI");
    expect(found).to.deep.include({ id, value: "one", contentType: "text/plain", tags: { a: "b" } });
    expect(found.attributes).to.include({ enabled: true });
  });

  it("has every former version, and lists them without their values", () => {
    const first = ask("PUT", "secrets/api", { value: "one", tags: { v: "1" } });
    ask("PUT", "secrets/api", { value: "two", tags: { v: "2" } });
    expect(ask("GET", new URL(String(first.id)).pathname.slice(1)).value).to.equal("one");
    const { value } = ask("GET", "secrets/api/versions") as { value: { tags: object }[] };
    expect(value.map(({ tags }) => tags)).to.deep.equal([{ v: "1" }, { v: "2" }]);
    expect(JSON.stringify(value)).not.to.match(/one|two/);
  });

  it("lists all secrets page by page, with their newest tags and without a value", () => {
    for (let index = 0; index < 60; index += 1)
      ask("PUT", `secrets/s${index}`, { value: "hush", tags: { n: `${index}` } });
    const found: string[] = [];
    let next: string | null = "secrets?maxresults=25";
    let pages = 0;
    while (next) {
      const { value, nextLink } = ask("GET", next.replace(URI, "").replace("api-version=7.4&", "")) as {
        value: { id: string; tags: { n: string } }[];
        nextLink: string | null;
      };
      found.push(...value.map(({ id, tags }) => `${id.replace(`${URI}secrets/`, "")}=${tags.n}`));
      expect(JSON.stringify(value)).not.to.include("hush");
      next = nextLink;
      pages += 1;
    }
    expect(pages).to.equal(3);
    expect(new Set(found).size).to.equal(60);
    expect(found).to.include("s41=41");
    expect(refusal("GET", "secrets?maxresults=26")).to.deep.equal([400, "BadParameter"]);
  });

  it("changes all of the newest version but the value, and lets nobody read what is disabled", () => {
    ask("PUT", "secrets/api", { value: "one", tags: { a: "b" } });
    ask("PATCH", "secrets/api/", { attributes: { enabled: false } });
    expect(refusal("GET", "secrets/api")).to.deep.equal([403, "SecretDisabled"]);
    expect(ask("GET", "secrets") as { value: object[] }).to.have.nested.property("value[0].attributes.enabled", false);
    const changed = ask("PATCH", "secrets/api/", { attributes: { enabled: true }, tags: { c: "d" } });
    expect(changed)
      .to.deep.include({ tags: { c: "d" } })
      .and.not.have.property("value");
    expect(ask("GET", "secrets/api").value).to.equal("one");
  });

  it("keeps the name of what is deleted", () => {
    ask("PUT", "secrets/api", { value: "one" });
    ask("DELETE", "secrets/api");
    expect(refusal("GET", "secrets/api")).to.deep.equal([404, "SecretNotFound"]);
    expect(refusal("PUT", "secrets/api", { value: "two" })).to.deep.equal([409, "ObjectIsDeletedButRecoverable"]);
    expect((ask("GET", "secrets") as { value: object[] }).value).to.be.empty;
  });

  it("refuses what Azure refuses", () => {
    const tags = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`t${index}`, "x"]));
    const refused: [string, object | string][] = [
      ["api", { value: "x".repeat(25_001) }],
      ["a.b", { value: "x" }],
      ["x".repeat(128), { value: "x" }],
      ["api", { value: "x", tags }],
      ["api", { value: "x", tags: { a: "x".repeat(257) } }],
      ["api", { tags: {} }],
      ["api", "no JSON"],
    ];
    for (const [name, body] of refused)
      expect(refusal("PUT", `secrets/${name}`, body)).to.deep.equal([400, "BadParameter"]);
    expect(refusal("PATCH", "secrets/nobody/", {})).to.deep.equal([404, "SecretNotFound"]);
    expect(refusal("GET", "keys")).to.deep.equal([501, "NotImplemented"]);
  });

  it("asks for a right of its own for each of these, before all else", () => {
    const each: [string, string, string | undefined][] = [
      ["GET", "secrets", undefined],
      ["GET", "secrets/api/versions", "api"],
      ["GET", "secrets/api", "api"],
      ["PUT", "secrets/api", "api"],
      ["PATCH", "secrets/api/", "api"],
      ["DELETE", "secrets/api", "api"],
    ];
    const { get, list, set, change, delete: remove } = SECRET_ACTIONS;
    denied = Object.values(SECRET_ACTIONS);
    for (const [method, path] of each) expect(refusal(method, path)).to.deep.equal([403, "ForbiddenByRbac"]);
    const secretsOf = each.map(([, , secret]) => secret);
    expect(asked).to.deep.equal(
      [list, list, get, set, change, remove].map((action, index) => [action, secretsOf[index]]),
    );
  });
});
