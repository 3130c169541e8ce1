/** A place in a long list that is read a page at a time. It is kept where a page could not be read or handled. */
export interface Pages<T> {
  /** The page at this place, asked for now; undefined at the end. */
  read(): Promise<readonly T[] | undefined>;
  /** Goes on to the place behind the page that was read last. */
  advance(): void;
}

/** From the place on to the end. */
export async function* eachPage<T>(pages: Pages<T>): AsyncGenerator<readonly T[]> {
  for (let page = await pages.read(); page !== undefined; page = await pages.read()) {
    pages.advance();
    yield page;
  }
}

/** One list after the other; each is made when those before it are at their end. */
export function inTurn<T>(lists: readonly (() => Pages<T> | Promise<Pages<T>>)[]): Pages<T> {
  let turn = 0;
  let list: Pages<T> | undefined;
  return {
    read: async () => {
      for (let make = lists[turn]; make !== undefined; make = lists[turn]) {
        list ??= await make();
        const page = await list.read();
        if (page !== undefined) return page;
        list = undefined;
        turn += 1;
      }
      return undefined;
    },
    advance: () => list?.advance(),
  };
}

/** True for the token of a list's last page. MLflow leaves it out or sends an empty one. */
export function isEnd(token: string | undefined): boolean {
  return token === undefined || token === '';
}

/** A list behind page tokens: `read` asks with the token of the page before. */
export function tokenPages<T>(
  read: (
    token: string | undefined,
  ) => Promise<{ readonly items: readonly T[]; readonly token: string | undefined }>,
): Pages<T> {
  let place: { readonly token: string | undefined } | undefined = { token: undefined };
  let behind: { readonly token: string | undefined } | undefined;
  return {
    read: async () => {
      if (place === undefined) return undefined;
      const { items, token } = await read(place.token);
      behind = isEnd(token) ? undefined : { token };
      return items;
    },
    advance: () => {
      place = behind;
    },
  };
}
