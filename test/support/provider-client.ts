import * as grpc from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { fromStruct, type Properties, toStruct } from "../../rehearsal/provider/codec.ts";

type Call<Response> = (request: unknown, callback: (error: Error | null, response: Response) => void) => void;

/** The calls of the engine that the tests make. */
interface RawClient {
  configure: Call<pb.ConfigureResponse>;
  check: Call<pb.CheckResponse>;
  diff: Call<pb.DiffResponse>;
  create: Call<pb.CreateResponse>;
  read: Call<pb.ReadResponse>;
  update: Call<pb.UpdateResponse>;
  delete: Call<unknown>;
  invoke: Call<pb.InvokeResponse>;
  close(): void;
}

/** A provider as the engine speaks to it: one connection, over gRPC. */
export class ProviderClient {
  readonly #client: RawClient;

  constructor(port: number) {
    const Client = grpc.makeGenericClientConstructor(service.ResourceProviderService, "provider");
    // A channel of its own, as each of the engine's connections is one; the library would share them.
    const options = { "grpc.use_local_subchannel_pool": 1 };
    this.#client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), options) as unknown as RawClient;
  }

  close(): void {
    this.#client.close();
  }

  async configure(config: Properties): Promise<void> {
    const request = new pb.ConfigureRequest();
    request.setArgs(toStruct(config));
    await this.#call("configure", request);
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new pb.InvokeRequest();
    request.setTok(token);
    request.setArgs(toStruct(args));
    return fromStruct((await this.#call<pb.InvokeResponse>("invoke", request)).getReturn());
  }

  async check(urn: string, olds: Properties, news: Properties, seed = "seed") {
    const request = new pb.CheckRequest();
    request.setUrn(urn);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    request.setRandomseed(Buffer.from(seed));
    const response = await this.#call<pb.CheckResponse>("check", request);
    return {
      inputs: fromStruct(response.getInputs()),
      failures: response.getFailuresList().map((failure) => [failure.getProperty(), failure.getReason()]),
    };
  }

  async diff(urn: string, former: Properties, news: Properties, ignored: string[] = []) {
    const request = new pb.DiffRequest();
    request.setUrn(urn);
    request.setOldInputs(toStruct(former));
    request.setNews(toStruct(news));
    request.setIgnorechangesList(ignored);
    const response = await this.#call<pb.DiffResponse>("diff", request);
    return {
      changes: response.getChanges() === pb.DiffResponse.DiffChanges.DIFF_SOME,
      diffs: response.getDiffsList(),
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(urn: string, inputs: Properties, preview = false) {
    const request = new pb.CreateRequest();
    request.setUrn(urn);
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    const response = await this.#call<pb.CreateResponse>("create", request);
    return { id: response.getId(), properties: fromStruct(response.getProperties()) };
  }

  async read(urn: string, id: string, properties: Properties, inputs: Properties) {
    const request = new pb.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setProperties(toStruct(properties));
    request.setInputs(toStruct(inputs));
    const response = await this.#call<pb.ReadResponse>("read", request);
    return {
      id: response.getId(),
      properties: fromStruct(response.getProperties()),
      inputs: fromStruct(response.getInputs()),
    };
  }

  async update(
    urn: string,
    id: string,
    was: { properties: Properties; inputs: Properties },
    news: Properties,
    preview = false,
  ): Promise<Properties> {
    const request = new pb.UpdateRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOlds(toStruct(was.properties));
    request.setOldInputs(toStruct(was.inputs));
    request.setNews(toStruct(news));
    request.setPreview(preview);
    return fromStruct((await this.#call<pb.UpdateResponse>("update", request)).getProperties());
  }

  async delete(urn: string, id: string, properties: Properties): Promise<void> {
    const request = new pb.DeleteRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setProperties(toStruct(properties));
    await this.#call("delete", request);
  }

  #call<Response>(method: Exclude<keyof RawClient, "close">, request: unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
      const call = this.#client[method].bind(this.#client) as Call<Response>;
      call(request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  }
}
