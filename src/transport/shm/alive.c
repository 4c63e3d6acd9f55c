/* SPDX-License-Identifier: MIT */
#include "transport/shm/alive.h"

#include <linux/futex.h>
#include <stddef.h>

#include "core/os.h"
#include "transport/shm/step.h"

/*
 * In the page in front of the words, which the peer has not got: the kernel
 * follows what it reads there. .link is what points to it.
 */
struct node {
	struct robust_list entry;
	struct robust_list **link;
};

/* ---- on the helper, which can be ended between any two instructions ---- */

/* A store that the kernel is to see after those before it. */
static void
point(struct robust_list **link, struct robust_list *to)
{
	__atomic_store_n(link, to, __ATOMIC_RELEASE);
}

/* On the list first: a word that is set is one that the kernel marks. */
static void
set_life(struct fy_service_words *words, const struct fy_shm_area *area)
{
	uint32_t life = (uint32_t)fy_os_thread_id() | FUTEX_WAITERS;
	struct robust_list *first = words->head.list.next;
	struct node *node = area->node;

	words->head.futex_offset = (char *)&area->page->life - (char *)node;
	words->n++;
	node->link = &words->head.list.next;
	node->entry.next = first;
	if (first != &words->head.list)
		((struct node *)(void *)first)->link = &node->entry.next;
	FY_SHM_STEP(LIFE_PENDING);
	point(&words->head.list.next, &node->entry);
	FY_SHM_STEP(LIFE_LINKED);
	fy_shm_publish(&area->page->life, life); /* model: life.set */
	FY_SHM_STEP(LIFE_SET);
}

static void
clear_life(struct fy_service_words *words, const struct fy_shm_area *area)
{
	struct node *node = area->node;
	struct robust_list *next = node->entry.next;

	fy_shm_publish(&area->page->life, 0); /* model: life.clear */
	FY_SHM_STEP(LIFE_CLEARED);
	if (next != &words->head.list)
		((struct node *)(void *)next)->link = node->link;
	point(node->link, next);
	words->n--;
}

static enum fy_alive_state
step_on(const struct fy_alive *alive)
{
	struct fy_service_words *words = fy_service_words();

	if (alive->state == FY_ALIVE_ENDS)
		clear_life(words, alive->area);
	if (alive->state != FY_ALIVE_BEGINS)
		return FY_ALIVE_NONE;
	if (!words || words->n >= FY_ALIVE_MOST)
		return FY_ALIVE_NONE;
	set_life(words, alive->area);
	return FY_ALIVE_HELD;
}

static void
run(struct fy_service_item *item, enum fy_service_reason reason)
{
	struct fy_alive *alive = FY_CONTAINER(item, struct fy_alive, hold);

	(void)reason;
	__atomic_store_n(&alive->state, step_on(alive), __ATOMIC_RELEASE);
	(void)fy_os_futex_wake(&alive->state, 1);
}

/* ---- on all others ---- */

/* Return: what has become of @state. */
static uint32_t
wait_while(const struct fy_alive *alive, enum fy_alive_state state)
{
	uint32_t now;

	while ((now = __atomic_load_n(&alive->state, __ATOMIC_ACQUIRE)) ==
	       state)
		(void)fy_os_futex_wait(&alive->state, state, FERRY_NEVER);
	return now;
}

ferry_err
fy_alive_begin(struct fy_alive *alive, const struct fy_shm_area *area,
	       struct ferry_error *why)
{
	ferry_err err;

	*alive = (struct fy_alive){
		.hold = { .run = run, .fd = -1, .until = FERRY_NOW },
		.area = area,
		.state = FY_ALIVE_BEGINS,
	};
	err = fy_service_add(&alive->hold, why);
	if (!err && wait_while(alive, FY_ALIVE_BEGINS) != FY_ALIVE_HELD)
		fy_service_cancel(&alive->hold);
	return err;
}

void
fy_alive_end(struct fy_alive *alive)
{
	if (!fy_service_has(&alive->hold))
		return;
	__atomic_store_n(&alive->state, FY_ALIVE_ENDS, __ATOMIC_RELEASE);
	fy_service_until(&alive->hold, FERRY_NOW);
	(void)wait_while(alive, FY_ALIVE_ENDS);
	fy_service_cancel(&alive->hold);
}
