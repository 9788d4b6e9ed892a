import { z } from 'zod';

/** Under which addresses others reach this server, best first; none if nobody else can. */
export const LinksAnswer = z.object({ links: z.array(z.url()) });
export type LinksAnswer = z.output<typeof LinksAnswer>;

const Nothing = z.object({});

/** Asked by pages that were opened as `localhost`, whose own address would lead others to their own machines. */
export const linksRoutes = {
  getLinks: {
    method: 'get',
    path: '/api/links',
    summary: 'How other devices reach this server: what invitations should lead to. Answered on `localhost` only.',
    params: Nothing,
    query: Nothing,
    body: undefined,
    answer: { as: 'json', schema: LinksAnswer },
  },
} as const;
