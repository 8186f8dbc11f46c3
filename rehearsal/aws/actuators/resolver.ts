import { randomBytes } from "node:crypto";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { associationRefusals, endpointRefusals, ruleRefusals, usersOf } from "./resolver-checks.ts";

/**
 * The three types are one kind: what they say is checked, kept and told, and no query goes their way. Names of the local
 * clouds lead to this machine without it.
 */
function kept(prefix: string, own: Pick<Actuator<AwsCloud>, "check" | "replaceOn" | "deleteBeforeReplace">) {
  const actuator: Actuator<AwsCloud> = {
    ...own,

    async create(inputs, cloud) {
      const id = `${prefix}-${randomBytes(9).toString("hex").slice(0, 17)}`;
      const properties = { ...told(id, cloud), ...(inputs.tags ? { tagsAll: inputs.tags } : {}) };
      cloud.hosting.resolvers.set(id, { ...inputs, ...properties });
      return { id, properties };
    },

    read: async ({ id }, cloud) => cloud.hosting.resolvers.get(id),

    async update({ id }, inputs, cloud) {
      cloud.hosting.resolvers.set(id, { ...cloud.hosting.resolvers.get(id), ...inputs, tagsAll: inputs.tags });
      return { tagsAll: inputs.tags };
    },

    async delete({ id }, cloud) {
      const [user] = usersOf(id, cloud);
      if (user) throw new Error(`${id} is in use by ${user} (ResourceInUseException)`);
      cloud.hosting.resolvers.delete(id);
    },
  };
  return actuator;
}

function told(id: string, cloud: AwsCloud): Properties {
  const kind = id.startsWith("rslvr-rr-") ? "resolver-rule" : "resolver-endpoint";
  return id.startsWith("rslvr-rrassoc-") ? {} : { arn: cloud.arn("route53resolver", `${kind}/${id}`) };
}

/** aws:route53/resolverEndpoint:ResolverEndpoint, the asking kind. */
export const resolverEndpoint = kept("rslvr-out", {
  replaceOn: ["direction", "securityGroupIds"],
  check: endpointRefusals,
});

/** aws:route53/resolverRule:ResolverRule, the forwarding kind. */
export const resolverRule = kept("rslvr-rr", { replaceOn: ["domainName", "ruleType"], check: ruleRefusals });

/** aws:route53/resolverRuleAssociation:ResolverRuleAssociation */
export const resolverRuleAssociation = kept("rslvr-rrassoc", {
  replaceOn: ["name", "resolverRuleId", "vpcId"],
  check: associationRefusals,
});
