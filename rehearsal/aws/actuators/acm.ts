import {
  AddTagsToCertificateCommand,
  type CertificateDetail,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  type DomainValidation,
  ListTagsForCertificateCommand,
  RemoveTagsFromCertificateCommand,
  RequestCertificateCommand,
} from "@aws-sdk/client-acm";
import { ListHostedZonesCommand, ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import type { Actuator } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { fromTagList, removedTags, toTagList } from "./tags.ts";

const LEFT_OUT = [
  "certificateAuthorityArn",
  "certificateBody",
  "certificateChain",
  "earlyRenewalDuration",
  "privateKey",
];

/** aws:acm/certificate:Certificate, validated by DNS; its `id` is its ARN. */
export const certificate: Actuator<AwsCloud> = {
  replaceOn: ["domainName", "keyAlgorithm", "subjectAlternativeNames", "validationMethod", "validationOptions"],

  check(inputs) {
    const refusals = refuseLeftOut(inputs, LEFT_OUT, "have ACM issue the certificate");
    if (inputs.validationMethod !== undefined && inputs.validationMethod !== "DNS") {
      const reason = `"${inputs.validationMethod}" is not carried out by the local AWS: validate by DNS`;
      refusals.push({ property: "validationMethod", reason });
    }
    for (const name of [inputs.domainName, ...list(inputs.subjectAlternativeNames)].map(text)) {
      if (name === undefined || /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(name)) continue;
      refusals.push({ property: "domainName", reason: `"${name}" is no domain name (RequestCertificate)` });
    }
    return refusals;
  },

  async create(inputs, cloud) {
    const alternatives = list(inputs.subjectAlternativeNames) as string[];
    const tags = toTagList(inputs.tags);
    const { CertificateArn } = await cloud.acm.send(
      new RequestCertificateCommand({
        DomainName: String(inputs.domainName),
        SubjectAlternativeNames: alternatives.length > 0 ? alternatives : undefined,
        ValidationMethod: "DNS",
        Tags: tags.length > 0 ? tags : undefined,
      }),
    );
    const arn = String(CertificateArn);
    const found = await find(cloud, arn);
    const properties = {
      arn,
      domainValidationOptions: (found?.DomainValidationOptions ?? []).map(optionOf),
      status: "PENDING_VALIDATION",
      type: found?.Type,
      subjectAlternativeNames: found?.SubjectAlternativeNames,
      tagsAll: inputs.tags,
    };
    return { id: arn, properties };
  },

  async read({ id }, cloud) {
    const found = await find(cloud, id);
    if (!found) return undefined;
    const { Tags } = await cloud.acm.send(new ListTagsForCertificateCommand({ CertificateArn: id }));
    const tags = fromTagList(Tags);
    const status = cloud.hosting.certificates.has(id) ? "ISSUED" : "PENDING_VALIDATION";
    return { domainName: found.DomainName, status, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    const removed = removedTags(properties.tags, inputs.tags).map((Key) => ({ Key }));
    const request = { CertificateArn: id };
    if (removed.length > 0) await cloud.acm.send(new RemoveTagsFromCertificateCommand({ ...request, Tags: removed }));
    const Tags = toTagList(inputs.tags);
    if (Tags.length > 0) await cloud.acm.send(new AddTagsToCertificateCommand({ ...request, Tags }));
    return { tagsAll: inputs.tags };
  },

  async delete({ id }, cloud) {
    cloud.hosting.certificates.delete(id);
    await ignoreMissing(cloud.acm.send(new DeleteCertificateCommand({ CertificateArn: id })));
  },
};

/**
 * aws:acm/certificateValidation:CertificateValidation. The emulator issues at once and for everybody; here the
 * records must stand in a hosted zone, and then the run's authority issues a real certificate.
 */
export const certificateValidation: Actuator<AwsCloud> = {
  replaceOn: ["certificateArn", "validationRecordFqdns"],

  async create(inputs, cloud) {
    const arn = String(inputs.certificateArn);
    const found = await find(cloud, arn);
    if (!found) throw new Error(`ResourceNotFoundException: there is no certificate ${arn} in ${cloud.region}`);
    for (const option of found.DomainValidationOptions ?? []) await requireRecord(cloud, option);
    cloud.hosting.certificates.set(arn, await cloud.hosting.issue(found.SubjectAlternativeNames ?? []));
    return { id: new Date().toISOString(), properties: {} };
  },

  async read({ properties }, cloud) {
    return cloud.hosting.certificates.has(String(properties.certificateArn)) ? {} : undefined;
  },

  // An issued certificate stays one until it is deleted itself.
  async delete() {},
};

async function find(cloud: AwsCloud, arn: string): Promise<CertificateDetail | undefined> {
  return (await unlessMissing(cloud.acm.send(new DescribeCertificateCommand({ CertificateArn: arn }))))?.Certificate;
}

function optionOf({ DomainName, ResourceRecord }: DomainValidation) {
  return {
    domainName: DomainName,
    resourceRecordName: ResourceRecord?.Name,
    resourceRecordType: ResourceRecord?.Type,
    resourceRecordValue: ResourceRecord?.Value,
  };
}

/** @throws Error when no public zone has the record; ACM would wait for it for days */
async function requireRecord(cloud: AwsCloud, { DomainName, ResourceRecord }: DomainValidation): Promise<void> {
  const name = ResourceRecord?.Name ?? "";
  const { HostedZones = [] } = await cloud.route53.send(new ListHostedZonesCommand({}));
  for (const { Config, Id, Name = "" } of HostedZones) {
    if (Config?.PrivateZone || !name.endsWith(`.${Name}`)) continue;
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: Id, StartRecordName: name });
    const { ResourceRecordSets = [] } = await cloud.route53.send(command);
    const record = ResourceRecordSets.find((each) => each.Name === name && each.Type === ResourceRecord?.Type);
    if (record?.ResourceRecords?.some(({ Value }) => withDot(Value) === withDot(ResourceRecord?.Value))) return;
  }
  throw new Error(
    `the certificate for ${DomainName} is not validated: a record ${name} ${ResourceRecord?.Type} ` +
      `${ResourceRecord?.Value} is expected in a public hosted zone, and there is none (DNS validation)`,
  );
}

function withDot(value = ""): string {
  return value.endsWith(".") ? value : `${value}.`;
}
