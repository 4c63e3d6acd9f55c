/* SPDX-License-Identifier: MIT */
/* Making and mapping memory with each system call failing: nothing is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "audit.h"
#include "core/fd.h"
#include "os_fault.h"
#include "transport/shm/area.h"

#define RING 65536u
/* More than either takes. */
#define CALLS_MOST 20

static ferry_err
make_with(const struct fy_os_fault *fault, struct ferry_error *why)
{
	struct fy_shm_area area = { 0 };
	int fd = -1;
	ferry_err err;

	fy_os_fault_set(fault);
	err = fy_shm_area_make(RING, &area, &fd, why);
	assert_true(!err == (fd >= 0));
	assert_true(!err == (area.page != NULL));
	fy_shm_area_close(&area);
	fy_fd_close(&fd);
	return err;
}

static ferry_err
view_with(const struct fy_os_fault *fault, struct ferry_error *why)
{
	struct fy_shm_area area = { 0 };
	struct fy_shm_view view = { 0 };
	int fd = -1;
	ferry_err err;

	assert_int_equal(fy_shm_area_make(RING, &area, &fd, NULL), FERRY_OK);
	fy_os_fault_set(fault);
	err = fy_shm_view_open(fd, RING, RING, geteuid(), &view, why);
	assert_true(!err == (view.page != NULL));
	fy_shm_view_close(&view);
	fy_shm_area_close(&area);
	fy_fd_close(&fd);
	return err;
}

static void
sweep(ferry_err (*with)(const struct fy_os_fault *, struct ferry_error *),
      uint32_t least)
{
	static const int errors[] = { ENOMEM, ENOSPC, EMFILE, EPERM };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct fy_os_fault fault = { .error = errors[i] };
		ferry_err err;

		do {
			struct ferry_error why = { .code = FERRY_OK };
			struct fy_audit before;

			fy_audit_take(&before);
			fault.at++;
			err = with(&fault, &why);
			fy_os_fault_clear();
			assert_int_equal(err, why.code);
			assert_true(!err || strlen(why.text) > 10);
			assert_true(fy_audit_same(&before));
		} while (err);
		assert_in_range(fault.at, least, CALLS_MOST);
	}
}

static void
what_fails_leaves_nothing(void **state)
{
	(void)state;
	sweep(make_with, 8);
	sweep(view_with, 9);
	fy_os_fault_clear();
}

static void
memory_that_is_not_to_be_had_is_said_so(void **state)
{
	struct ferry_error why;

	(void)state;
	assert_int_equal(make_with(&(struct fy_os_fault){ .call = FY_OS_grow,
							  .at = 1,
							  .error = ENOSPC },
				   &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, ENOSPC);
	assert_non_null(strstr(why.text, "bytes of shared memory"));
	assert_int_equal(make_with(&(struct fy_os_fault){ .call = FY_OS_grow,
							  .at = 1,
							  .error = ENOMEM },
				   &why),
			 FERRY_ENOMEM);
	/* Before Linux 5.1. */
	assert_int_equal(make_with(&(struct fy_os_fault){
					   .call = FY_OS_add_seals,
					   .at = 1,
					   .error = EINVAL },
				   &why),
			 FERRY_ENOTSUP);
	assert_non_null(strstr(why.text, "5.1"));
	fy_os_fault_clear();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fails_leaves_nothing),
		cmocka_unit_test(memory_that_is_not_to_be_had_is_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
