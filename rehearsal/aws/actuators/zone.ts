import {
  AssociateVPCWithHostedZoneCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetHostedZoneCommand,
  type GetHostedZoneResponse,
  ListTagsForResourceCommand,
  type ResourceRecordSet,
  UpdateHostedZoneCommentCommand,
  type VPC,
  type VPCRegion,
} from "@aws-sdk/client-route-53";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { changeRecords, checkDomainName, plainName, recordsOf } from "./records.ts";
import { retag } from "./route53-tags.ts";
import { fromTagList } from "./tags.ts";
import { findVpc } from "./vpc.ts";

/** What the provider writes when the program says nothing. */
const DEFAULT_COMMENT = "Managed by Pulumi";

/** aws:route53/zone:Zone; its `id` is the zone's id without "/hostedzone/". */
export const zone: Actuator<AwsCloud> = {
  replaceOn: ["name", "delegationSetId"],

  async check(inputs, { cloud, former }) {
    const leftOut = refuseLeftOut(inputs, ["delegationSetId", "enableAcceleratedRecovery"], "leave it out");
    const refusals: Refusal[] = [...leftOut, ...checkDomainName("name", text(inputs.name), "CreateHostedZone")];
    const known = vpcsOf(former ?? {}, cloud).map(({ VPCId }) => VPCId);
    for (const { VPCId = "", VPCRegion } of vpcsOf(inputs, cloud)) {
      if (known.includes(VPCId) || VPCRegion !== cloud.region || (await findVpc(cloud, VPCId))) continue;
      refusals.push({ property: "vpcs", reason: `there is no VPC "${VPCId}" in ${VPCRegion} (InvalidVPCId)` });
    }
    return refusals;
  },

  async create(inputs, cloud) {
    const [first, ...others] = vpcsOf(inputs, cloud);
    const made = await cloud.route53.send(
      new CreateHostedZoneCommand({
        Name: String(inputs.name),
        CallerReference: crypto.randomUUID(),
        HostedZoneConfig: { Comment: text(inputs.comment) ?? DEFAULT_COMMENT },
        VPC: first,
      }),
    );
    const id = String(made.HostedZone?.Id).replace("/hostedzone/", "");
    for (const VPC of others) {
      await cloud.route53.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId: id, VPC }));
    }
    await retag(cloud, "hostedzone", id, {}, inputs.tags);
    const found = await cloud.route53.send(new GetHostedZoneCommand({ Id: id }));
    return { id, properties: { ...(await outputs(cloud, id, found)), tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.route53.send(new GetHostedZoneCommand({ Id: id })));
    if (!found) return undefined;
    const listed = await cloud.route53.send(
      new ListTagsForResourceCommand({ ResourceType: "hostedzone", ResourceId: id }),
    );
    const tags = fromTagList(listed.ResourceTagSet?.Tags);
    const vpcs = (found.VPCs ?? []).map(({ VPCId, VPCRegion }) => ({ vpcId: VPCId, vpcRegion: VPCRegion }));
    return { ...(await outputs(cloud, id, found)), vpcs, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    const Comment = text(inputs.comment) ?? DEFAULT_COMMENT;
    await cloud.route53.send(new UpdateHostedZoneCommentCommand({ Id: id, Comment }));
    await moveVpcs(cloud, id, vpcsOf(properties, cloud), vpcsOf(inputs, cloud));
    await retag(cloud, "hostedzone", id, properties.tags, inputs.tags);
    return { comment: Comment, tagsAll: inputs.tags };
  },

  async delete({ id, properties }, cloud) {
    if (properties.forceDestroy === true) await unlessMissing(empty(cloud, id));
    await ignoreMissing(cloud.route53.send(new DeleteHostedZoneCommand({ Id: id })));
  },
};

function vpcsOf(inputs: Properties, cloud: AwsCloud): VPC[] {
  return list(inputs.vpcs).map((each) => {
    const { vpcId, vpcRegion } = fields(each);
    return { VPCId: text(vpcId), VPCRegion: (vpcRegion ?? cloud.region) as VPCRegion };
  });
}

async function outputs(cloud: AwsCloud, id: string, found: GetHostedZoneResponse): Promise<Properties> {
  const name = plainName(found.HostedZone?.Name);
  const sets = await recordsOf(cloud, id, name);
  const values = (type: string) =>
    (sets.find(isOf(name, type))?.ResourceRecords ?? []).map(({ Value }) => String(Value));
  const servers = (found.DelegationSet?.NameServers ?? values("NS")).map(plainName);
  return {
    arn: `arn:aws:route53:::hostedzone/${id}`,
    zoneId: id,
    name,
    comment: found.HostedZone?.Config?.Comment,
    nameServers: [...servers].sort(),
    primaryNameServer: plainName(values("SOA")[0]?.split(" ")[0]),
  };
}

function isOf(name: string, type: string) {
  return (set: ResourceRecordSet) => plainName(set.Name) === name && set.Type === type;
}

async function moveVpcs(cloud: AwsCloud, HostedZoneId: string, former: VPC[], next: VPC[]): Promise<void> {
  const outside = (vpcs: VPC[]) => (each: VPC) => !vpcs.some(({ VPCId }) => VPCId === each.VPCId);
  // The new ones first: a private zone must keep one (LastVPCAssociation).
  for (const VPC of next.filter(outside(former))) {
    await cloud.route53.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId, VPC }));
  }
  for (const VPC of former.filter(outside(next))) {
    await ignoreMissing(cloud.route53.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId, VPC })));
  }
}

/** Deletes all records but the two that every zone has. */
async function empty(cloud: AwsCloud, id: string): Promise<void> {
  const found = await cloud.route53.send(new GetHostedZoneCommand({ Id: id }));
  const apex = plainName(found.HostedZone?.Name);
  const sets = await recordsOf(cloud, id);
  const others = sets.filter((set) => !isOf(apex, "NS")(set) && !isOf(apex, "SOA")(set));
  if (others.length === 0) return;
  await changeRecords(
    cloud,
    id,
    others.map((ResourceRecordSet) => ({ Action: "DELETE", ResourceRecordSet })),
  );
}
