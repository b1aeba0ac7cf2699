/** The query of a page's address; of a name that stands there twice, nothing. */
export type SearchParams = Promise<Readonly<Record<string, string | string[] | undefined>>>;

export async function queryParams(searchParams: SearchParams): Promise<URLSearchParams> {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams)) {
    if (typeof value === "string") params.set(name, value);
  }
  return params;
}
