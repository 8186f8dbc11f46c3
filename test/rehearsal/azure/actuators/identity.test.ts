import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { CREDENTIAL, IDENTITY, useLocalAzure } from "../../../support/local-azure.ts";

const AUDIENCE = "api://AzureADTokenExchange";
const ROLE_ARN = "arn:aws:iam::111122223333:role/shop-replicator";

describe("the local Azure's identities", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  before(async () => {
    resourceGroupName = await azure.group();
  });

  describe("an identity", () => {
    it("is made with ids of its own, which stay when its tags change", async () => {
      const inputs = { resourceGroupName, resourceName: "replicator", tags: { a: "1" } };
      const made = await azure.deploy(IDENTITY, inputs);
      const { clientId, principalId, tenantId } = made.properties;
      expect(new Set([clientId, principalId, tenantId]).size).to.equal(3);
      expect(tenantId).to.equal(azure.local.resources.tenantId);
      expect(made.properties.type).to.equal("Microsoft.ManagedIdentity/userAssignedIdentities");
      expect(await made.refresh()).to.deep.equal(inputs);
      expect(await made.update({ ...inputs, tags: { a: "2" } })).to.include({ clientId, principalId, tenantId });
      await made.delete();
      expect(await made.refresh()).to.equal(undefined);
    });

    for (const [what, resourceName] of [
      ["2 characters", "ab"],
      ["129 characters", "a".repeat(129)],
      ["a hyphen first", "-abc"],
      ["a period", "a.bc"],
    ]) {
      it(`is refused with a name of ${what}`, async () => {
        const refusals = await azure.refusals(IDENTITY, { resourceGroupName, resourceName });
        expect(refusals).to.match(/^resourceName: .* is no valid name: 3 to 128/);
      });
    }
  });

  describe("a federated credential", () => {
    let resourceName: string;
    beforeEach(async () => {
      const made = await azure.deploy(IDENTITY, { resourceGroupName });
      resourceName = String(made.properties.resourceName);
    });

    const credential = (more: Properties = {}): Properties => ({
      resourceGroupName,
      resourceName,
      issuer: "https://11111111-2222-4333-8444-555555555555.tokens.sts.global.api.aws",
      subject: ROLE_ARN,
      audiences: [AUDIENCE],
      ...more,
    });

    it("is made, changed and removed", async () => {
      const inputs = credential({ federatedIdentityCredentialResourceName: "from-aws" });
      const made = await azure.deploy(CREDENTIAL, inputs);
      expect(made.id).to.match(/userAssignedIdentities\/[^/]+\/federatedIdentityCredentials\/from-aws$/);
      expect(made.properties).to.not.have.property("location", "westeurope");
      const next = { ...inputs, subject: `${ROLE_ARN}-2` };
      await made.update(next);
      expect(await made.refresh()).to.deep.equal(next);
      await made.delete();
      expect(await made.refresh()).to.equal(undefined);
    });

    it("is made anew on another identity or in another group", async () => {
      const inputs = credential({ federatedIdentityCredentialResourceName: "from-aws" });
      const made = await azure.deploy(CREDENTIAL, inputs);
      for (const property of ["resourceName", "resourceGroupName", "federatedIdentityCredentialResourceName"]) {
        expect(made.replacedBy({ ...inputs, [property]: "another" })).to.deep.equal([property]);
      }
      expect(made.replacedBy({ ...inputs, subject: "another" })).to.deep.equal([]);
    });

    it("is one of 20 at most", async () => {
      for (let index = 0; index < 20; index++) await azure.deploy(CREDENTIAL, credential({ subject: `role-${index}` }));
      expect(await azure.refusals(CREDENTIAL, credential())).to.match(
        /^resourceName: .*20 federated credentials already/,
      );
    });

    it("has an issuer and subject that no other one of the identity has", async () => {
      const inputs = credential({ federatedIdentityCredentialResourceName: "first" });
      await azure.deploy(CREDENTIAL, inputs);
      const twin = credential({ federatedIdentityCredentialResourceName: "second" });
      expect(await azure.refusals(CREDENTIAL, twin)).to.match(/^subject: .*same issuer and subject/);
      expect(await azure.refusals(CREDENTIAL, inputs, inputs), "its own are no other one's").to.equal("");
      expect(await azure.refusals(CREDENTIAL, { ...twin, subject: `${ROLE_ARN}-2` })).to.equal("");
    });

    const refused: [what: string, more: Properties, reason: RegExp][] = [
      ["an identity that is not there", { resourceName: "nobody" }, /^resourceName: .*ParentResourceNotFound/],
      [
        "a name of 2 characters",
        { federatedIdentityCredentialResourceName: "ab" },
        /^federatedIdentityCredentialResourceName: .*3 to 120/,
      ],
      ["an issuer without TLS", { issuer: "http://issuer.example" }, /^issuer: .*no https URL/],
      ["an issuer with a blank at its end", { issuer: "https://issuer.example " }, /^issuer: /],
      ["an issuer of more than 600 characters", { issuer: `https://${"i".repeat(600)}` }, /^issuer: .*600/],
      ["an empty subject", { subject: "" }, /^subject: 0 characters/],
      ["a subject of more than 600 characters", { subject: "s".repeat(601) }, /^subject: 601 characters/],
      ["a subject with a blank before it", { subject: ` ${ROLE_ARN}` }, /^subject: .*blanks around it/],
      ["a subject with a wildcard", { subject: "arn:aws:iam::111122223333:role/*" }, /^subject: .*wildcard/],
      ["no audience", { audiences: [] }, /^audiences: 0 audiences/],
      ["two audiences", { audiences: [AUDIENCE, "sts.amazonaws.com"] }, /^audiences: 2 audiences/],
    ];
    for (const [what, more, reason] of refused) {
      it(`is refused with ${what}`, async () => {
        expect(await azure.refusals(CREDENTIAL, credential(more))).to.match(reason);
      });
    }
  });
});
