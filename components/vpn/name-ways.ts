import * as aws from "@pulumi/aws";
import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";

export interface NameWaysArgs {
  /** Who asks. */
  primary: {
    vpcId: pulumi.Input<string>;
    /** Subnets of its servers, in zones of their own; the first two are used. All have a way to the standby. */
    subnetIds: pulumi.Input<string[]>;
  };
  /** Who answers. */
  standby: {
    resourceGroupName: pulumi.Input<string>;
    /** The network, to which the zone of the database's name is linked. It has a subnet `resolver`, delegated. */
    virtualNetworkId: pulumi.Input<string>;
    /** Where the resolver answers: an address of that subnet. @example "10.32.104.4" */
    resolverAddress: string;
  };
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The names that are asked for at the standby: those of all MySQL servers of Azure's. The name of a server leads by CNAME
 * to one below `private.`, which the network's own zone alone knows; Azure's DNS goes that whole way, so that none of it
 * depends on how a server is called. It is what Azure names for forwarding ("Azure Private Endpoint private DNS zone
 * values").
 */
export const FORWARDED_DOMAIN = "mysql.database.azure.com";

const DNS = 53;

/** Addresses of the asking end: the fewest that Route 53 takes; each is paid by the hour ("CreateResolverEndpoint"). */
export const ASKING_ADDRESSES = 2;

/**
 * How the primary's servers find the standby's database: its name is resolved by Azure, in the standby's network, for
 * the primary's. The address behind it may change at any time, so it is asked for and written down nowhere.
 *
 * It knows nothing of the way between the sites, and stands as long as there is one. The standby's own rules stand in
 * `dr`, as does the subnet.
 */
export class NameWays extends pulumi.ComponentResource {
  /** The rule by which the primary's network forwards. */
  readonly ruleId: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: NameWaysArgs;

  constructor(name: string, args: NameWaysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:vpn:NameWays", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const answering = this.#answering();
    const rule = new aws.route53.ResolverRule(
      `${name}-rule`,
      {
        name: `${name}-rule`,
        ruleType: "FORWARD",
        domainName: FORWARDED_DOMAIN,
        resolverEndpointId: this.#asking().id,
        targetIps: [{ ip: args.standby.resolverAddress, port: DNS, protocol: "Do53" }],
        tags: this.#tagged("rule"),
      },
      // Nobody is told to ask where nobody answers yet.
      { parent: this, dependsOn: answering },
    );
    new aws.route53.ResolverRuleAssociation(
      `${name}-association`,
      { name: `${name}-association`, resolverRuleId: rule.id, vpcId: args.primary.vpcId },
      // A network has one rule for a domain, so the old one goes first.
      { parent: this, deleteBeforeReplace: true },
    );
    this.ruleId = rule.id;
    this.registerOutputs({ ruleId: this.ruleId });
  }

  /** Azure's end: a resolver of the network's, and where it answers. */
  #answering(): azure.dnsresolver.InboundEndpoint {
    const { resourceGroupName, virtualNetworkId, resolverAddress } = this.#args.standby;
    const { tags } = this.#args;
    const resolver = new azure.dnsresolver.DnsResolver(
      `${this.#name}-resolver`,
      { resourceGroupName, dnsResolverName: this.#name, virtualNetwork: { id: virtualNetworkId }, tags },
      { parent: this },
    );
    return new azure.dnsresolver.InboundEndpoint(
      `${this.#name}-answering`,
      {
        resourceGroupName,
        dnsResolverName: resolver.name,
        inboundEndpointName: "primary",
        ipConfigurations: [
          {
            privateIpAllocationMethod: azure.dnsresolver.IpAllocationMethod.Static,
            privateIpAddress: resolverAddress,
            subnet: { id: pulumi.interpolate`${virtualNetworkId}/subnets/resolver` },
          },
        ],
        tags,
      },
      { parent: this },
    );
  }

  /** AWS's end: the addresses that it asks from, which may ask that resolver and nobody else. */
  #asking(): aws.route53.ResolverEndpoint {
    const { vpcId, subnetIds } = this.#args.primary;
    const group = new aws.ec2.SecurityGroup(
      `${this.#name}-asking-group`,
      { vpcId, description: "Asks the DNS resolver of the standby", tags: this.#tagged("asking") },
      { parent: this },
    );
    for (const ipProtocol of ["udp", "tcp"]) {
      new aws.vpc.SecurityGroupEgressRule(
        `${this.#name}-asking-${ipProtocol}`,
        {
          securityGroupId: group.id,
          cidrIpv4: `${this.#args.standby.resolverAddress}/32`,
          ipProtocol,
          fromPort: DNS,
          toPort: DNS,
          description: "Questions, to the resolver of the standby",
          tags: this.#tagged(`asking-${ipProtocol}`),
        },
        { parent: this },
      );
    }
    return new aws.route53.ResolverEndpoint(
      `${this.#name}-asking`,
      {
        name: `${this.#name}-asking`,
        direction: "OUTBOUND",
        resolverEndpointType: "IPV4",
        protocols: ["Do53"],
        securityGroupIds: [group.id],
        ipAddresses: pulumi
          .output(subnetIds)
          .apply((ids) => ids.slice(0, ASKING_ADDRESSES).map((subnetId) => ({ subnetId }))),
        tags: this.#tagged("asking"),
      },
      { parent: this },
    );
  }

  #tagged(suffix: string): Tags {
    return { ...this.#args.tags, Name: `${this.#name}-${suffix}` };
  }
}
