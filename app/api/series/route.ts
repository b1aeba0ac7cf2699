export async function GET(): Promise<Response> {
  return Response.json({ error: { code: "unsupported", text: "Not built yet" } }, { status: 501 });
}
