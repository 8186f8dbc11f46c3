import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Refusal } from "./actuator.ts";
import { fromStruct, type Properties, toStruct } from "./codec.ts";
import type { LocalProvider } from "./provider.ts";

type Handler<Request, Response> = (request: Request, peer: string) => Promise<Response> | Response;

/**
 * Serves a local provider to the engine over Pulumi's own protocol, on a free port of the loopback.
 *
 * The engine attaches to it by PULUMI_DEBUG_PROVIDERS. Every provider resource of every stack opens a
 * connection of its own, so the configuration is kept by connection: two regions and two stacks at once
 * do not mix.
 *
 * @param name the provider's package @example "azure-native"
 * @param connect makes the provider for one configuration, by the provider's own keys without namespace
 * @param signal fails every call at once when it is given: what a dead cloud will never answer must not be waited for
 */
export async function serveProvider(
  name: string,
  connect: (config: Record<string, string>) => LocalProvider,
  signal: AbortSignal,
): Promise<{ port: number; close(): void }> {
  const connections = new Map<string, LocalProvider>();
  const provider = (peer: string): LocalProvider => {
    const connected = connections.get(peer);
    if (!connected) throw new Error("the engine used the provider before it configured it");
    return connected;
  };
  const unary = unaryUntil(signal);
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });

  server.addService(service.ResourceProviderService, {
    attach: unary(() => new empty.Empty()),
    cancel: unary(() => new empty.Empty()),
    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      // The engine warns of a plugin that is older than the SDK.
      info.setVersion(createRequire(import.meta.url)(`@pulumi/${name}/package.json`).version);
      return info;
    }),
    getSchema: unary(() => {
      const response = new pb.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    checkConfig: unary((request: pb.CheckRequest) => {
      const response = new pb.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: unary(() => new pb.DiffResponse()),
    configure: unary((request: pb.ConfigureRequest, peer) => {
      connections.set(peer, connect(asStrings(fromStruct(request.getArgs()))));
      const response = new pb.ConfigureResponse();
      // Secrets then arrive in the open, and the engine itself keeps them secret in the state.
      response.setAcceptsecrets(false);
      response.setSupportspreview(true);
      response.setAcceptresources(false);
      response.setAcceptoutputs(false);
      return response;
    }),
    invoke: unary(async (request: pb.InvokeRequest, peer) => {
      const response = new pb.InvokeResponse();
      response.setReturn(toStruct(await provider(peer).invoke(request.getTok(), fromStruct(request.getArgs()))));
      return response;
    }),
    check: unary(async (request: pb.CheckRequest, peer) => {
      const olds = fromStruct(request.getOlds());
      const { inputs, refusals } = await provider(peer).check({
        urn: request.getUrn(),
        token: request.getType() || typeOf(request.getUrn()),
        name: request.getName() || nameOf(request.getUrn()),
        // The engine sends an empty bag for a resource that is new.
        former: Object.keys(olds).length > 0 ? olds : undefined,
        inputs: fromStruct(request.getNews()),
        seed: seedOf(request),
      });
      const response = new pb.CheckResponse();
      response.setInputs(toStruct(inputs));
      response.setFailuresList(refusals.map(failure));
      return response;
    }),
    diff: unary(async (request: pb.DiffRequest, peer) => {
      const diff = provider(peer).diff({
        token: typeOf(request.getUrn()),
        name: nameOf(request.getUrn()),
        former: fromStruct(request.getOldInputs()),
        inputs: fromStruct(request.getNews()),
        ignored: request.getIgnorechangesList(),
      });
      const response = new pb.DiffResponse();
      response.setChanges(
        diff.changed.length > 0 ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE,
      );
      response.setDiffsList(diff.changed);
      response.setReplacesList(diff.replaced);
      response.setDeletebeforereplace(diff.deleteBeforeReplace);
      return response;
    }),
    create: unary(async (request: pb.CreateRequest, peer) => {
      const inputs = fromStruct(request.getProperties());
      const response = new pb.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(toStruct(inputs));
        return response;
      }
      const state = await provider(peer).create(typeOf(request.getUrn()), inputs);
      response.setId(state.id);
      response.setProperties(toStruct(state.properties));
      return response;
    }),
    read: unary(async (request: pb.ReadRequest, peer) => {
      const state = { id: request.getId(), properties: fromStruct(request.getProperties()) };
      const inputs = fromStruct(request.getInputs());
      const found = await provider(peer).read(typeOf(request.getUrn()), state, inputs);
      const response = new pb.ReadResponse();
      if (!found) return response;
      response.setId(state.id);
      response.setProperties(toStruct(found.properties));
      response.setInputs(toStruct(found.inputs));
      return response;
    }),
    update: unary(async (request: pb.UpdateRequest, peer) => {
      const inputs = fromStruct(request.getNews());
      const response = new pb.UpdateResponse();
      if (request.getPreview()) {
        const former = fromStruct(request.getOldInputs());
        // What is not changed stays as it is, with all that the cloud has put into it.
        const kept = Object.entries(fromStruct(request.getOlds())).filter(
          ([key]) => !(key in former) || isDeepStrictEqual(former[key], inputs[key]),
        );
        response.setProperties(toStruct({ ...inputs, ...Object.fromEntries(kept) }));
        return response;
      }
      const state = { id: request.getId(), properties: fromStruct(request.getOlds()) };
      const former = fromStruct(request.getOldInputs());
      const updated = await provider(peer).update(typeOf(request.getUrn()), state, former, inputs);
      response.setProperties(toStruct(updated));
      return response;
    }),
    delete: unary(async (request: pb.DeleteRequest, peer) => {
      await provider(peer).delete(typeOf(request.getUrn()), {
        id: request.getId(),
        properties: fromStruct(request.getProperties()),
      });
      return new empty.Empty();
    }),
  });

  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, close: () => server.forceShutdown() };
}

/** Wraps a handler so that what it throws reaches the engine as an error with the message in it. */
function unaryUntil(signal: AbortSignal) {
  const ended = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  ended.catch(() => {});
  return <Request, Response>(handler: Handler<Request, Response>): grpc.handleUnaryCall<Request, Response> =>
    async (call, callback) => {
      try {
        signal.throwIfAborted();
        callback(null, await Promise.race([handler(call.request, call.getPeer()), ended]));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        callback({ code: grpc.status.UNKNOWN, message, details: message });
      }
    };
}

function failure({ property, reason }: Refusal): pb.CheckFailure {
  const message = new pb.CheckFailure();
  message.setProperty(property);
  message.setReason(reason);
  return message;
}

/** `urn:pulumi:stack::project::parent$type::name` */
function typeOf(urn: string): string {
  const types = urn.split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Hex digits for made-up names: the engine's own seed, so that preview and update make up the same name. */
function seedOf(request: pb.CheckRequest): string {
  return createHash("sha256").update(request.getRandomseed_asU8()).update(request.getUrn()).digest("hex");
}

function asStrings(properties: Properties): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
