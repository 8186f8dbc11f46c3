/**
 * AWS's end: a virtual private gateway, which costs nothing by itself and sends by one tunnel at a time, or a transit
 * gateway, which sends by all of them and joins more networks, each for a price by the hour.
 */
export const AWS_GATEWAYS = ["virtual-private", "transit"] as const;
export type AwsGatewayKind = (typeof AWS_GATEWAYS)[number];
