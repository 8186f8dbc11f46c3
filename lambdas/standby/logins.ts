import { z } from "zod";
import type { Login } from "../database/connection.ts";

const credentials = z.object({ username: z.string(), password: z.string() });
const login = z.object({ ...credentials.shape, host: z.string(), port: z.number() });

/** The administrator's login, of a secret `{"username","password"}`. @throws Error that tells nothing of the secret */
export function administratorLogin(secret: string, { host, port }: Pick<Login, "host" | "port">): Login {
  return { host, port, ...parsed(secret, credentials, "username and password") };
}

/** The replicator's login at the primary, of a secret `{"host","port","username","password"}`. */
export function primaryLogin(secret: string): Login {
  return parsed(secret, login, "host, port, username and password");
}

function parsed<T>(secret: string, schema: z.ZodType<T>, expected: string): T {
  let json: unknown;
  try {
    json = JSON.parse(secret);
  } catch {
    json = undefined;
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  throw new Error(`expected JSON with ${expected} in the secret, found something else`);
}
