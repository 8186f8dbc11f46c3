/** What a piece of work wrote to the process's own streams, and what came of it. */
export interface Captured<T> {
  value: T;
  stdout: string;
  stderr: string;
}

/** Does something, and keeps what it writes to itself. */
export async function captured<T>(work: () => Promise<T> | T): Promise<Captured<T>> {
  const said = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const writes = streams.map((name) => process[name].write);
  for (const name of streams) {
    process[name].write = (chunk: string | Uint8Array) => {
      said[name] += chunk;
      return true;
    };
  }
  try {
    return { value: await work(), ...said };
  } finally {
    for (const [index, name] of streams.entries()) process[name].write = writes[index] as typeof process.stdout.write;
  }
}
