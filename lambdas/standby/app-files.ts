/**
 * What a function app's package needs besides the bundle `index.js`. Functions of the v4 model are found through
 * `main` alone ("Azure Functions Node.js developer guide", Registering a function); without it there are none.
 */
export const APP_FILES: Readonly<Record<string, string>> = {
  "package.json": `${JSON.stringify({ name: "standby-controller", private: true, main: "index.js" })}\n`,
  // The default of Flex Consumption, said because loads count on it ("host.json reference", functionTimeout).
  "host.json": `${JSON.stringify({ version: "2.0", functionTimeout: "00:30:00" })}\n`,
};
