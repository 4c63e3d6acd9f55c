/* SPDX-License-Identifier: MIT */
/*
 * What the models share. "C: NAME" behind a step is the name of the line of C
 * that it stands for; tools/check-model compares, and runs them.
 *
 * REACHED(NAME) marks a state that the model must be able to come to: with
 * -DGOALS the verifier takes it for an error if its number is $GOAL. M_NAME,
 * defined, makes it a model of wrong code, which must fail.
 */
#ifdef GOALS
c_decl {
	int goal;
	__attribute__((constructor)) static void
	get_goal(void)
	{
		goal = getenv("GOAL") ? atoi(getenv("GOAL")) : 0;
	}
};
#define REACHED(name) assert(name != c_expr { goal })
#else
#define REACHED(name) skip
#endif
