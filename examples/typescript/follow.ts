// Follows one subject of the register, and works on one recommendation of it.
//
// API is the address of a register, KEY a key of an office. The types come from its contract:
// npm ci && npm run generate && npm run build && node build/follow.js

import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Recommendation = components["schemas"]["Recommendation"];
type Problem = components["schemas"]["Problem"];

/** What is read here. A list asked for some `fields` answers in another type, with items of those alone. */
type Media = "application/json" | "application/problem+json" | "application/octet-stream";

const api = createClient<paths, Media>({
  baseUrl: process.env["API"] ?? "http://127.0.0.1:8000/api/v1",
  headers: { Authorization: `Bearer ${process.env["KEY"]}`, "Accept-Language": "en" },
});

/** Turns a refusal into an error that names its type, which says what to do. */
function failed(problem: Problem): Error {
  const wrong = problem.errors?.map(({ field, message }) => `${field}: ${message}`) ?? [];
  return new Error([`${problem.type}: ${problem.detail}`, ...wrong].join("\n"));
}

/** Reads every page of what nobody began with. The order by id does not move, so none is missed and none comes twice. */
async function everyOne(tag: string): Promise<Recommendation[]> {
  const found: Recommendation[] = [];
  for (let cursor: string | undefined; ; ) {
    const { data, error } = await api.GET("/recommendations", {
      params: { query: { tag: [tag], progress: ["not_started"], limit: 5, cursor } },
    });
    if (error) throw failed(error);
    found.push(...data.items);
    if (data.next === null || data.next === undefined) return found;
    cursor = data.next;
  }
}

/** What is answered where another office has a recommendation, or shall have it. */
const OTHERS = new Set(["/problems/taken", "/problems/permission-denied"]);

/** Takes the first one on that no other office has. */
async function takeOn(found: Recommendation[], office: string): Promise<Recommendation> {
  for (const one of found) {
    const { data, error } = await api.POST("/recommendations/{recommendation_id}/offices", {
      params: {
        path: { recommendation_id: one.id },
        header: { "If-Match": `"v${one.version}"` },
      },
      body: { office, role: "lead" },
    });
    if (data) return data;
    if (!OTHERS.has(error.type)) throw failed(error);
  }
  throw new Error("other offices have them all");
}

/** Takes one step, as often as it is sent; the key lets it count once. */
async function begin(one: Recommendation, version: number, key: string) {
  return api.POST("/recommendations/{recommendation_id}/transitions", {
    params: {
      path: { recommendation_id: one.id },
      header: { "If-Match": `"v${version}"`, "Idempotency-Key": key },
    },
    body: { axis: "progress", to: "in_progress" },
  });
}

/** Adds a file to the proposal and reads it again. */
async function sendFile(proposal: number, content: string): Promise<string> {
  const sent = await api.POST("/proposals/{proposal_id}/files", {
    params: { path: { proposal_id: proposal }, query: { filename: "进展.txt" } },
    headers: { "Content-Type": "application/octet-stream" },
    body: content,
    bodySerializer: (bytes) => bytes,
  });
  if (sent.error) throw failed(sent.error);
  const got = await api.GET("/files/{file_id}/content", {
    params: { path: { file_id: sent.data.id } },
    parseAs: "text",
  });
  if (got.error) throw failed(got.error);
  return got.data;
}

const me = await api.GET("/me");
if (me.error) throw failed(me.error);
const office = me.data.office;
if (!office) throw new Error("the key belongs to no office");

const found = await everyOne("ai-industrial-park");
console.log(`${found.length} recommendations on the AI industrial park wait`);

const mine = await takeOn(found, office.slug);
console.log(`${office.name_zh} has taken on ${mine.reference}`);

const stale = await begin(mine, mine.version + 7, crypto.randomUUID());
console.log(`another version: ${stale.response.status} ${stale.error?.type}`);

const key = crypto.randomUUID();
const first = await begin(mine, mine.version, key);
if (first.error) throw failed(first.error);
const again = await begin(mine, mine.version, key);
const replayed = again.response.headers.get("Idempotency-Replayed");
console.log(`sent twice: ${again.response.status}, replayed: ${replayed}`);

const content = "选址已完成\n";
const same = (await sendFile(mine.proposal.id, content)) === content;
console.log(`the file came back as it went: ${same}`);
