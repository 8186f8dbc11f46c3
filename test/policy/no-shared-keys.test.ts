import { expect } from "chai";
import { noSharedKeys } from "../../policy/no-shared-keys.ts";
import { judged, LATER, type Written } from "../support/judged.ts";

const wrong = (written: Written) => judged(noSharedKeys, [written]).wrong;
const ACCOUNT = "azure-native:storage:StorageAccount";
const SETTINGS = "azure-native:web:WebAppApplicationSettings";

describe("policy no-shared-keys", () => {
  it("stops an account with keys, also where nothing is said, for then Azure allows them", () => {
    expect(wrong({ type: ACCOUNT, props: { allowSharedKeyAccess: false } })).to.be.empty;
    expect(wrong({ type: ACCOUNT, props: { allowSharedKeyAccess: true } }).join()).to.include("false");
    expect(wrong({ type: ACCOUNT }).join()).to.include("has no allowSharedKeyAccess");
  });

  it("leaves the accounts in which the stack itself writes", () => {
    for (const component of ["standby:ControlStore", "standby:DeclarationMarker"]) {
      expect(wrong({ type: ACCOUNT, props: { allowSharedKeyAccess: true }, within: [component] })).to.be.empty;
    }
  });

  it("stops logs and vaults that go by keys", () => {
    expect(wrong({ type: "azure-native:operationalinsights:Workspace" }).join()).to.include("disableLocalAuth: true");
    expect(wrong({ type: "azure-native:keyvault:Vault" }).join()).to.include("enableRbacAuthorization: true");
  });

  it("stops a registry with a user of its own", () => {
    const registry = (adminUserEnabled: boolean): Written => ({
      type: "azure-native:containerregistry:Registry",
      props: { adminUserEnabled },
    });
    expect(wrong(registry(false))).to.be.empty;
    expect(wrong(registry(true)).join()).to.include("adminUserEnabled");
  });

  it("stops keys of users and passwords of applications", () => {
    expect(wrong({ type: "aws:iam/accessKey:AccessKey" }).join()).to.include("assume a role instead");
    expect(wrong({ type: "azuread:index/applicationPassword:ApplicationPassword" })).to.have.length(1);
  });

  it("stops a key or a signature in settings and templates", () => {
    const settings = (value: unknown): Written => ({ type: SETTINGS, props: { properties: { STORE: value } } });
    expect(wrong(settings("https://shop.blob.core.windows.net/"))).to.be.empty;
    expect(wrong(settings("DefaultEndpointsProtocol=https;AccountKey=abc")).join()).to.include("AccountKey=");
    expect(wrong(settings("https://shop.blob.core.windows.net/c?sv=1&sig=abc"))).to.have.length(1);
    const template = { template: { outputs: { key: { value: "[listKeys(variables('id'), '2023-05-01')]" } } } };
    expect(wrong({ type: "azure-native:resources:Deployment", props: { properties: template } })).to.have.length(1);
  });

  it("says what it does not know yet", () => {
    const later: Written = { type: ACCOUNT, name: "copies", props: { allowSharedKeyAccess: LATER } };
    expect(judged(noSharedKeys, [later]).wrong).to.be.empty;
    expect(judged(noSharedKeys, [later]).advice.join()).to.include("copies: allowSharedKeyAccess");
    const setting: Written = { type: SETTINGS, name: "settings", props: { properties: { STORE: LATER } } };
    expect(judged(noSharedKeys, [setting]).advice.join()).to.include("settings: properties");
  });
});
