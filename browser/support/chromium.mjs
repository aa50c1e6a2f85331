/** How the system's Chromium is started: without a sandbox, as root has none, and without calling home. */
export const chromium = {
  executablePath: process.env.KEYFOB_TEST_CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: false,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // A name that is not this machine's, for the page that asks for TLS.
    '--host-resolver-rules=MAP keyfob.example 127.0.0.1',
  ],
};
