import { expect } from "chai";
import { balancerIdBeside, balancing } from "../../../components/standby/load-balancing.ts";

const GROUP = "/subscriptions/1/resourceGroups/shop/providers/Microsoft.Network";
const BALANCER_ID = `${GROUP}/loadBalancers/shop-web`;

describe("load balancing", () => {
  it("has neither rule nor probe without servers, and costs nothing", () => {
    expect(balancing(BALANCER_ID, "/healthz", false)).to.deep.equal({ loadBalancingRules: [], probes: [] });
  });

  it("hands 443 on to where the servers end TLS", () => {
    const [rule, ...others] = balancing(BALANCER_ID, "/healthz", true).loadBalancingRules;
    expect(others).to.be.empty;
    expect(rule).to.deep.include({
      protocol: "Tcp",
      frontendPort: 443,
      backendPort: 8443,
      frontendIPConfiguration: { id: `${BALANCER_ID}/frontendIPConfigurations/public` },
      backendAddressPools: [{ id: `${BALANCER_ID}/backendAddressPools/servers` }],
      disableOutboundSnat: true,
    });
  });

  it("asks each server by HTTPS at the health path, and hands it nothing while it does not answer", () => {
    const { loadBalancingRules, probes } = balancing(BALANCER_ID, "/ready", true);
    expect(probes).to.have.lengthOf(1);
    expect(probes[0]).to.include({ protocol: "Https", port: 8443, requestPath: "/ready" });
    expect(loadBalancingRules[0]?.probe).to.deep.equal({ id: `${BALANCER_ID}/probes/${probes[0]?.name}` });
  });

  it("finds the balancer's id beside its address's", () => {
    expect(balancerIdBeside(`${GROUP}/publicIPAddresses/shop-address`, "shop-web")).to.equal(BALANCER_ID);
  });
});
