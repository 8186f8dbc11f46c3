/** The processes behind the database servers of the local Azure: what runs, and switching it on and off. */
export interface ServerPower {
  /** `Ready` or `Stopped`. @param id resource id of the server */
  state(id: string): string;
  /** Starts a server; done when it takes connections. */
  start(id: string): Promise<void>;
  /** Stops a server; done when nothing of it runs. */
  stop(id: string): Promise<void>;
}
