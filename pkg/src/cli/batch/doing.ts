// What is done with several requests, in words.

export interface Doing {
  readonly verb: "approve" | "reject";
  readonly done: "approved" | "rejected";
  /** What will become of them. */
  readonly toDo: string;
}

export const approving: Doing = { verb: "approve", done: "approved", toDo: "be signed" };
export const rejecting: Doing = { verb: "reject", done: "rejected", toDo: "be rejected" };
