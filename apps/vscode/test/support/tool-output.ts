/** What tools really print about mistakes, as `singletrack build` shows it. */
export const TOOL_OUTPUT = {
  'tsc --pretty false': `plain         building: tsc --noEmit --pretty false src/a.ts src/b.ts
plain       │ src/a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.
plain       │ src/a.ts(1,30): error TS2322: Type 'number' is not assignable to type 'string'.
plain       │ src/b.ts(1,1): error TS2304: Cannot find name 'nope'.
plain         build failed after 3.1 s (exit code 1)
plain           src/a.ts:1:7 Type 'string' is not assignable to type 'number'.`,
  'tsc --pretty': `pretty        building: tsc --noEmit --pretty src/a.ts
pretty      │ src/a.ts:1:7 - error TS2322: Type 'string' is not assignable to type 'number'.
pretty      │ 
pretty      │ 1 const x: number = "a"; const y: string = 3
pretty      │         ~
pretty      │ 
pretty      │ src/a.ts:1:30 - error TS2322: Type 'number' is not assignable to type 'string'.
pretty      │ 
pretty      │ 1 const x: number = "a"; const y: string = 3
pretty      │                                ~
pretty      │ 
pretty      │ 
pretty      │ Found 2 errors in the same file, starting at: src/a.ts:1
pretty      │ 
pretty        build failed after 3.5 s (exit code 1)
pretty          src/a.ts:1:7 Type 'string' is not assignable to type 'number'.`,
  esbuild: `bundle        building: esbuild --bundle src/c.ts --outfile=/dev/null
bundle      │ ▲ [WARNING] Duplicate key "b" in object literal [duplicate-object-key]
bundle      │ 
bundle      │     src/c.ts:2:18:
bundle      │       2 │ const a = { b: 1, b: 2 }
bundle      │         ╵                   ^
bundle      │ 
bundle      │   The original key "b" is here:
bundle      │ 
bundle      │     src/c.ts:2:12:
bundle      │       2 │ const a = { b: 1, b: 2 }
bundle      │         ╵             ^
bundle      │ 
bundle      │ ✘ [ERROR] Could not resolve "./gone.ts"
bundle      │ 
bundle      │     src/c.ts:1:7:
bundle      │       1 │ import "./gone.ts"
bundle      │         ╵        ~~~~~~~~~~~
bundle      │ 
bundle      │ 1 warning and 1 error
bundle        build failed after 375 ms (exit code 1)
bundle          src/c.ts:1:8 Could not resolve "./gone.ts"`,
  cargo: `crate         building: cargo build --offline
crate       │    Compiling orders v0.1.0 (/w/crate)
crate       │ error[E0425]: cannot find value \`totl\` in this scope
crate       │  --> src/main.rs:5:20
crate       │   |
crate       │ 5 |     println!("{}", totl);
crate       │   |                    ^^^^
crate       │   |
crate       │ help: a local variable with a similar name exists
crate       │   |
crate       │ 5 |     println!("{}", total);
crate       │   |                       +
crate       │ 
crate       │ error[E0308]: mismatched types
crate       │  --> src/main.rs:4:22
crate       │   |
crate       │ 4 |     let total: u32 = "three";
crate       │   |                ---   ^^^^^^^ expected \`u32\`, found \`&str\`
crate       │   |                |
crate       │   |                expected due to this
crate       │ 
crate       │ Some errors have detailed explanations: E0308, E0425.
crate       │ For more information about an error, try \`rustc --explain E0308\`.
crate       │ error: could not compile \`orders\` (bin "orders") due to 2 previous errors
crate         build failed after 943 ms (exit code 101)
crate           src/main.rs:5:20 cannot find value \`totl\` in this scope`,
  go: `go            building: go build .
go          │ # orders
go          │ ./main.go:4:2: declared and not used: x
go          │ ./main.go:5:2: undefined: y
go            build failed after 185 ms (exit code 1)
go              ./main.go:4:2 declared and not used: x`,
  gcc: `gcc           building: gcc -c src/a.c -o /dev/null
gcc         │ src/a.c: In function ‘main’:
gcc         │ src/a.c:2:11: warning: initialization of ‘int’ from ‘char *’ makes integer from pointer without a cast [-Wint-conversion]
gcc         │     2 |   int a = "x";
gcc         │       |           ^~~
gcc         │ src/a.c:3:10: error: ‘b’ undeclared (first use in this function)
gcc         │     3 |   return b;
gcc         │       |          ^
gcc         │ src/a.c:3:10: note: each undeclared identifier is reported only once for each function it appears in
gcc           build failed after 146 ms (exit code 1)
gcc             src/a.c:2:11 warning: initialization of ‘int’ from ‘char *’ makes integer from pointer without a cast [-Wint-conversion]`,
} as const
