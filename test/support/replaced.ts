/** The client with another method of that name. */
export function replaced<T extends object, K extends keyof T>(client: T, name: K, method: T[K]): T {
  return new Proxy(client, {
    get: (target, key) => {
      if (key === name) return method;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
