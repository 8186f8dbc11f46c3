import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { AUTOSCALE, GALLERY, IMAGE, SCALE_SET, useLocalAzure } from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";

describe("the local Azure's scale sets and images", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  before(async () => {
    resourceGroupName = await azure.group();
  });

  const servers = (more: Properties = {}): Properties => ({
    resourceGroupName,
    vmScaleSetName: "app",
    orchestrationMode: "Flexible",
    platformFaultDomainCount: 1,
    sku: { name: "Standard_D2as_v5", capacity: 0 },
    ...more,
  });
  const profile = (virtualMachineProfile: Properties) => servers({ virtualMachineProfile });
  const image = (more: Properties = {}): Properties => ({
    resourceGroupName,
    galleryName: "shop",
    galleryImageName: "server",
    osType: "Linux",
    osState: "Specialized",
    hyperVGeneration: "V1",
    identifier: { publisher: "p", offer: "o", sku: "s" },
    ...more,
  });

  it("take an image of a gallery without a user, and a generalised one with one", async () => {
    const gallery = await azure.deploy(GALLERY, { resourceGroupName, galleryName: "shop" });
    const made = await azure.deploy(IMAGE, image());
    const storageProfile = { imageReference: { id: `${made.id}/versions/1.0.0` } };
    expect(await azure.refusals(SCALE_SET, profile({ storageProfile }))).to.equal("");
    const reason = /osProfile: the image is Specialized/;
    expect(await azure.refusals(SCALE_SET, profile({ storageProfile, osProfile: {} }))).to.match(reason);
    const missing = { imageReference: { id: `${made.id}2/versions/1.0.0` } };
    expect(await azure.refusals(SCALE_SET, profile({ storageProfile: missing }))).to.match(/GalleryImageNotFound/);
    expect(await azure.refusals(IMAGE, image({ galleryImageName: "twin" }))).to.match(/^identifier: .*has the same/);
    expect((await rejection(gallery.delete())).message).to.match(/holds .*images\/server/);
    await made.delete();
    await gallery.delete();
  });

  const none = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/none";
  const configured = (configuration: Properties) =>
    profile({
      networkProfile: {
        networkApiVersion: "2022-11-01",
        networkInterfaceConfigurations: [{ name: "n", ipConfigurations: [{ name: "n", ...configuration }] }],
      },
    });
  const bounds = (minimum: string, usual: string, maximum: string): Properties => ({
    resourceGroupName,
    autoscaleSettingName: "app",
    profiles: [{ name: "p", capacity: { minimum, default: usual, maximum }, rules: [] }],
  });
  const refused: [what: string, token: string, inputs: () => Properties, reason: RegExp][] = [
    ["uniform machines", SCALE_SET, () => servers({ orchestrationMode: "Uniform" }), /flexible scale sets only/],
    [
      "no fault domains",
      SCALE_SET,
      () => servers({ platformFaultDomainCount: undefined }),
      /^platformFaultDomainCount/,
    ],
    [
      "several fault domains in zones",
      SCALE_SET,
      () => servers({ platformFaultDomainCount: 2, zones: ["1"] }),
      /found 2; .*1 where there are zones/,
    ],
    ["1001 machines", SCALE_SET, () => servers({ sku: { name: "a", capacity: 1001 } }), /^sku\.capacity: 1001/],
    ["machines of no size", SCALE_SET, () => servers({ sku: { capacity: 1 } }), /^sku\.name: no size/],
    ["overprovisioning", SCALE_SET, () => servers({ overprovision: true }), /^overprovision: /],
    ["user data in the open", SCALE_SET, () => profile({ userData: "#cloud-config" }), /userData: it is no base64/],
    [
      "a marketplace image without a user",
      SCALE_SET,
      () => profile({ storageProfile: { imageReference: { publisher: "Canonical" } } }),
      /osProfile: a marketplace image is generalised/,
    ],
    [
      "no version of the network",
      SCALE_SET,
      () => profile({ networkProfile: { networkInterfaceConfigurations: [] } }),
      /networkApiVersion: a flexible set needs 2020-11-01/,
    ],
    ["an unknown subnet", SCALE_SET, () => configured({ subnet: { id: none } }), /there is no subnet/],
    [
      "an unknown pool",
      SCALE_SET,
      () => configured({ loadBalancerBackendAddressPools: [{ id: none }] }),
      /there is no backend pool/,
    ],
    [
      "an unknown identity",
      SCALE_SET,
      () => servers({ identity: { userAssignedIdentities: [none] } }),
      /^identity\.userAssignedIdentities\[0\]: there is no/,
    ],
    ["bounds that fall", AUTOSCALE, () => bounds("3", "2", "4"), /^profiles\[0\]\.capacity: minimum 3, default 2/],
    ["no profile", AUTOSCALE, () => ({ ...bounds("1", "1", "1"), profiles: [] }), /^profiles: 0 profiles/],
    [
      "bounds for nothing",
      AUTOSCALE,
      () => ({ ...bounds("1", "1", "1"), targetResourceUri: none }),
      /^targetResourceUri: there is no/,
    ],
    ["a gallery with a hyphen", GALLERY, () => ({ galleryName: "a-b" }), /^galleryName: /],
    [
      "Trusted Launch on the first generation",
      IMAGE,
      () => image({ features: [{ name: "SecurityType", value: "TrustedLaunch" }] }),
      /^hyperVGeneration: found V1; Trusted Launch needs V2/m,
    ],
    ["an image in no state", IMAGE, () => image({ osState: "Fresh" }), /^osState: "Fresh" is neither/m],
  ];
  for (const [what, token, inputs, reason] of refused) {
    it(`are refused with ${what}`, async () => {
      expect(await azure.refusals(token, inputs())).to.match(reason);
    });
  }
});
