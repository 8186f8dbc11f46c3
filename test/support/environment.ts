/** Sets variables of this process. @returns what brings back the former ones */
export function withEnvironment(values: Record<string, string>): () => void {
  const former = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** An operator of AWS who is signed in, and sees a service of it where a test has it. */
export function awsAt(endpoint: string): Record<string, string> {
  return { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
}

/** Sets variables of this process for the tests of a describe block. */
export function inEnvironment(values: () => Record<string, string>): void {
  let bringBack = () => {};
  before(() => {
    bringBack = withEnvironment(values());
  });
  after(() => bringBack());
}
