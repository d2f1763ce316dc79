import type { z } from 'zod'

/**
 * A value as it stands in JSON: read-only, numbers that are too large for JSON as strings, a
 * signal as any string, and the members of an open record unknown.
 */
export type Plain<T> = T extends bigint | NodeJS.Signals
  ? string
  : T extends string
    ? string extends T
      ? string
      : T
    : T extends readonly (infer Element)[]
      ? readonly Plain<Element>[]
      : T extends object
        ? string extends keyof T
          ? { readonly [key: string]: unknown }
          : { readonly [Key in keyof T]: Plain<T[Key]> }
        : T

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- two functions are the one way to ask for equality
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** What the compiler shows when a schema and its type have gone different ways. */
interface Differs<Type, Schema> {
  readonly onlyInTheType: Type
  readonly onlyInTheSchema: Schema
}

/**
 * A schema that describes exactly the values of `T`, no key more and none less: the compiler
 * refuses any other, so that what is shipped cannot drift from what is printed.
 */
export const exactly =
  <T>() =>
  <Schema extends z.ZodType>(
    schema: Same<Plain<z.output<Schema>>, Plain<T>> extends true
      ? Schema
      : Differs<
          Exclude<Plain<T>, Plain<z.output<Schema>>>,
          Exclude<Plain<z.output<Schema>>, Plain<T>>
        >,
  ): z.ZodType<Plain<T>> =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type of the parameter is the proof
    schema as unknown as z.ZodType<Plain<T>>
