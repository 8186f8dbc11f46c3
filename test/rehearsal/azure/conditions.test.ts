import { expect } from "chai";
import fc from "fast-check";
import { PUBLIC_READING } from "../../../components/standby/public-reading.ts";
import { actionsFor, isAllowed } from "../../../rehearsal/azure/access.ts";
import { parseCondition } from "../../../rehearsal/azure/conditions.ts";
import { ResourceManager } from "../../../rehearsal/azure/resource-manager.ts";

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
const asked = (more: object = {}) => ({ action: `${BLOBS}/read`, subOperation: undefined, attributes: {}, ...more });
const holds = (text: string, more: object = {}) => parseCondition(text)(asked(more));

describe("the condition of a role assignment", () => {
  const path = `@Resource[${BLOBS}:path]`;
  const tag = `@Resource[${BLOBS}/tags:Project<$key_case_sensitive$>]`;
  const table: [text: string, expected: boolean, more?: object][] = [
    [`ActionMatches{'${BLOBS}/read'}`, true],
    [`ActionMatches{'${BLOBS}/*'}`, true],
    [`!(ActionMatches{'${BLOBS}/read'})`, false],
    [`NOT ActionMatches{'${BLOBS}/write'}`, true],
    ["SubOperationMatches{'Blob.List'}", false],
    ["SubOperationMatches{'Blob.List'}", true, { subOperation: "Blob.List" }],
    [`${path} StringEquals 'a'`, true, { attributes: { [path]: "a" } }],
    [`${path} StringEquals 'it''s'`, true, { attributes: { [path]: "it's" } }],
    [`${path} StringEquals 'a'`, false],
    [`${path} StringNotEquals 'a'`, false],
    [
      `${path} stringstartswith 'a'`.replace("stringstartswith", "StringStartsWith"),
      true,
      { attributes: { [path]: "ab" } },
    ],
    ["@Resource[x:y] BoolEquals true", true, { attributes: { "@Resource[x:y]": true } }],
    [`${tag} StringEquals 'Cascade'`, true, { attributes: { [tag]: "Cascade" } }],
    [`${tag} StringEquals 'Cascade'`, false, { attributes: { [tag]: "cascade" } }],
    [`${tag} StringNotEquals 'Cascade'`, true, { attributes: { [tag]: "Baker" } }],
    [`${tag} StringNotEquals 'Cascade'`, false],
    [`Exists ${tag}`, true, { attributes: { [tag]: "" } }],
    [`Exists ${tag}`, false],
    [`NOT Exists ${tag} OR ${tag} StringNotEquals 'Cascade'`, true],
    [`NOT Exists ${tag} OR ${tag} StringNotEquals 'Cascade'`, false, { attributes: { [tag]: "Cascade" } }],
    ["@Resource[x:y] BoolEquals true", false, { attributes: { "@Resource[x:y]": false } }],
  ];
  for (const [text, expected, more] of table) {
    it(`${text} is ${expected} of ${JSON.stringify(more ?? {})}`, () => {
      expect(holds(text, more)).to.equal(expected);
    });
  }

  it("binds AND before OR, and parentheses before both", () => {
    const literal = (value: boolean) => `${value ? "" : "!"}ActionMatches{'*'}`;
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (a, b, c) => {
        const [one, two, three] = [a, b, c].map(literal);
        expect(holds(`${one} OR ${two} AND ${three}`)).to.equal(a || (b && c));
        expect(holds(`(${one} || ${two}) && ${three}`)).to.equal((a || b) && c);
        expect(holds(`!(${one} AND ${two}) OR ${three}`)).to.equal(!(a && b) || c);
      }),
    );
  });

  const unreadable: [text: string, reason: RegExp][] = [
    ["", /"" is nothing that a condition may say/],
    ["(ActionMatches{'a'}", /a "\)" is missing/],
    ["ActionMatches{'a'} ActionMatches{'b'}", /is left over/],
    ["@Resource[x] NumericEquals 3", /"NumericEquals" is no comparison/],
    ["Exists 'a'", /"'a'" is no attribute/],
    ["@Resource[x] StringEquals a", /"a" is no value/],
    ["ActionMatches{'a'} %", /"%?" ?.*cannot be read|cannot be read/],
  ];
  for (const [text, reason] of unreadable) {
    it(`cannot be read as ${JSON.stringify(text)}`, () => {
      expect(() => parseCondition(text)).to.throw(reason);
    });
  }

  it("that the content is published under lets everybody read it as it is, and nobody list it or see what is past or gone", () => {
    const resources = new ResourceManager("sub", "tenant");
    const container = resources.id(
      "resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/c",
    );
    resources.put(`${container}/providers/Microsoft.Authorization/roleDefinitions/reader`, {
      permissions: [{ dataActions: [`${BLOBS}/read`] }],
    });
    resources.put(`${container}/providers/Microsoft.Authorization/roleAssignments/1`, {
      principalId: "edge",
      roleDefinitionId: `${container}/providers/Microsoft.Authorization/roleDefinitions/reader`,
      scope: container,
      condition: PUBLIC_READING,
    });
    const may = (blob: string, query = "", tags: Record<string, string> = {}) => {
      const request = {
        method: "GET",
        container: "c",
        blob,
        query: new URLSearchParams(query),
        onlyIfNew: false,
        tags,
      };
      return isAllowed(resources, "edge", container, actionsFor(request), request);
    };
    expect(may("index.html")).to.equal(true);
    expect(may("index.html", "", { dr_gone: "yes" })).to.equal(false);
    expect(may("index.html", "", { dr_gone: "no" })).to.equal(true);
    expect(may("index.html", "", { Dr_Gone: "yes", other: "yes" })).to.equal(true);
    expect(may("index.html", "versionid=2026-01-01", { dr_gone: "yes" })).to.equal(false);
    expect(may("index.html", "versionid=2026-01-01")).to.equal(false);
    expect(may("index.html", "snapshot=2026-01-01")).to.equal(false);
    expect(may("", "restype=container&comp=list")).to.equal(false);
    expect(may("", "restype=container&comp=list&prefix=a")).to.equal(false);
  });
});
