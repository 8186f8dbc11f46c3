import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { COMPRESSED, type HeaderAction } from "./front-door-rules.ts";

export interface ServedNameArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Name of the Front Door profile. */
  profileName: pulumi.Input<string>;
  /** What is served, in letters only; names the parts in the profile. @example "content" */
  part: string;
  /** Begins the host name that Azure gives the endpoint. @example "shop-content" */
  endpointName: string;
  /** The name that users know. @example "content.shop.example.com" */
  domain: string;
  origin: {
    /** Where it is fetched from. */
    host: pulumi.Input<string>;
    /** The name that it is asked for there. */
    hostHeader: pulumi.Input<string>;
    /** Whether its certificate bears the name of the host. */
    checkCertificateName: boolean;
    /** Put in front of every path. @default nothing */
    path?: pulumi.Input<string>;
    /** Identity with which it is asked. @default none */
    identityId?: pulumi.Input<string>;
    /** What has to stand before that identity is used. @default nothing */
    after?: pulumi.Resource;
  };
  /** Whether answers are kept at the edge, by path and query. */
  cached: boolean;
  /** What is done to the headers of every request and answer; at most 5 ("Azure Front Door limits", actions). */
  headers: HeaderAction[];
  /** Tags of every resource. */
  tags: Tags;
}

/** One name of a Front Door: endpoint, own domain with a certificate of Azure's, origin, and the route between them. */
export class ServedName extends pulumi.ComponentResource {
  /** Host name that Azure gave it. */
  readonly endpointHost: pulumi.Output<string>;
  /** What the TXT record `_dnsauth` of the domain has to say. */
  readonly validationToken: pulumi.Output<string>;

  constructor(name: string, args: ServedNameArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:ServedName", name, {}, opts);
    const parent = { parent: this };
    const { resourceGroupName, profileName, part } = args;
    const profile = { resourceGroupName, profileName };

    const endpoint = new azure.cdn.AFDEndpoint(
      `${name}-endpoint`,
      {
        ...profile,
        endpointName: args.endpointName,
        location: "global",
        enabledState: azure.cdn.EnabledState.Enabled,
        tags: args.tags,
      },
      parent,
    );
    const domain = new azure.cdn.AFDCustomDomain(
      `${name}-domain`,
      {
        ...profile,
        customDomainName: part,
        hostName: args.domain,
        tlsSettings: {
          certificateType: azure.cdn.AfdCertificateType.ManagedCertificate,
          minimumTlsVersion: azure.cdn.AfdMinimumTlsVersion.TLS12,
        },
      },
      parent,
    );
    const { originGroup, origin } = this.#origin(name, args);
    const { ruleSet, rule } = this.#headerRules(name, args);
    new azure.cdn.Route(
      `${name}-route`,
      {
        ...profile,
        endpointName: endpoint.name,
        routeName: part,
        customDomains: [{ id: domain.id }],
        originGroup: { id: originGroup.id },
        originPath: args.origin.path,
        ruleSets: [{ id: ruleSet.id }],
        patternsToMatch: ["/*"],
        supportedProtocols: [azure.cdn.AFDEndpointProtocols.Http, azure.cdn.AFDEndpointProtocols.Https],
        httpsRedirect: azure.cdn.HttpsRedirect.Enabled,
        // An identity's token goes over HTTPS only ("Use managed identities to authenticate to origins").
        forwardingProtocol: azure.cdn.ForwardingProtocol.HttpsOnly,
        linkToDefaultDomain: azure.cdn.LinkToDefaultDomain.Enabled,
        enabledState: azure.cdn.EnabledState.Enabled,
        cacheConfiguration: args.cached ? CACHE : undefined,
      },
      // Azure takes no route to a group without an origin.
      { parent: this, dependsOn: [origin, rule] },
    );

    this.endpointHost = endpoint.hostName;
    this.validationToken = domain.validationProperties.validationToken;
    this.registerOutputs({ endpointHost: this.endpointHost });
  }

  #origin(
    name: string,
    { resourceGroupName, profileName, part, origin: { identityId, after, ...from } }: ServedNameArgs,
  ) {
    const originGroup = new azure.cdn.AFDOriginGroup(
      `${name}-origins`,
      {
        resourceGroupName,
        profileName,
        originGroupName: part,
        // There is one origin and nothing to choose, so probes would only cost; with an identity Azure wants them
        // to be HTTPS, and they come as seldom as they can ("Use managed identities to authenticate to origins").
        healthProbeSettings: identityId ? SELDOM : undefined,
        loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3, additionalLatencyInMilliseconds: 50 },
        sessionAffinityState: azure.cdn.EnabledState.Disabled,
        authentication: identityId
          ? {
              type: azure.cdn.OriginAuthenticationType.UserAssignedIdentity,
              userAssignedIdentity: { id: identityId },
              scope: "https://storage.azure.com/.default",
            }
          : undefined,
      },
      { parent: this, dependsOn: after },
    );
    const origin = new azure.cdn.AFDOrigin(
      `${name}-origin`,
      {
        resourceGroupName,
        profileName,
        originGroupName: originGroup.name,
        originName: part,
        hostName: from.host,
        originHostHeader: from.hostHeader,
        enforceCertificateNameCheck: from.checkCertificateName,
        httpPort: 80,
        httpsPort: 443,
        priority: 1,
        weight: 1000,
        enabledState: azure.cdn.EnabledState.Enabled,
      },
      { parent: this },
    );
    return { originGroup, origin };
  }

  #headerRules(name: string, { resourceGroupName, profileName, part, headers }: ServedNameArgs) {
    const ruleSet = new azure.cdn.RuleSet(
      `${name}-rules`,
      { resourceGroupName, profileName, ruleSetName: part },
      { parent: this },
    );
    const rule = new azure.cdn.Rule(
      `${name}-headers`,
      {
        resourceGroupName,
        profileName,
        ruleSetName: ruleSet.name,
        ruleName: "headers",
        order: 1,
        actions: headers,
        matchProcessingBehavior: azure.cdn.MatchProcessingBehavior.Continue,
      },
      { parent: this },
    );
    return { ruleSet, rule };
  }
}

const SELDOM: azure.types.input.cdn.HealthProbeParametersArgs = {
  probePath: "/",
  probeProtocol: azure.cdn.ProbeProtocol.Https,
  probeRequestType: azure.cdn.HealthProbeRequestType.HEAD,
  probeIntervalInSeconds: 255,
};

const CACHE: azure.types.input.cdn.AfdRouteCacheConfigurationArgs = {
  // The origin answers by the query too: ignoring it, one odd request would leave its answer for everybody.
  queryStringCachingBehavior: azure.cdn.AfdQueryStringCachingBehavior.UseQueryString,
  compressionSettings: { isCompressionEnabled: true, contentTypesToCompress: COMPRESSED },
};
