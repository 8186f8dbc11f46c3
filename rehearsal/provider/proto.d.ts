// The SDK ships the generated service without types; this is the part that the local providers use.
declare module "@pulumi/pulumi/proto/provider_grpc_pb.js" {
  import type { ServiceDefinition } from "@grpc/grpc-js";

  const ResourceProviderService: ServiceDefinition;
  export default { ResourceProviderService };
}
