/** Next calls this once per server process. Only starts live and the reconciler. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startWeb } = await import("@/app/start-web.ts");
  startWeb();
}
