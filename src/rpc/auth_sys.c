/* SPDX-License-Identifier: MIT */
/*
 * AUTH_SYS: RFC 5531 appendix A. A claim that nobody verified:
 *
 * stamp machine<255> uid gid gids<16>
 */
#include "rpc/auth.h"

static void
sys_encode(struct ferry_encoder *e, const struct ferry_auth_sys *sys)
{
	uint8_t *p = ferry_put_run(e, 4);

	if (p)
		ferry_store_u32(p, sys->stamp);
	ferry_put_str(e, sys->machine, FERRY_AUTH_SYS_NAME);
	p = ferry_put_run(e, 8);
	if (p) {
		ferry_store_u32(p, sys->uid);
		ferry_store_u32(p + 4, sys->gid);
	}
	ferry_put_count(e, sys->n_gids, FERRY_AUTH_SYS_GIDS);
	if (!e->err)
		ferry_put_u32s(e, sys->gids, sys->n_gids);
}

static void
get_sys(struct ferry_decoder *d, struct ferry_auth_sys *out)
{
	const uint8_t *p = ferry_get_run(d, 4);

	if (p)
		out->stamp = ferry_load_u32(p);
	out->machine = ferry_get_str(d, FERRY_AUTH_SYS_NAME);
	p = ferry_get_run(d, 8);
	if (p) {
		out->uid = ferry_load_u32(p);
		out->gid = ferry_load_u32(p + 4);
	}
	out->n_gids = ferry_get_count(d, FERRY_AUTH_SYS_GIDS, 4);
	ferry_get_u32s(d, out->gids, out->n_gids);
}

static enum ferry_auth_stat
sys_check(const struct fy_msg_call *call, struct fy_auth_claim *out)
{
	struct ferry_decoder d = ferry_decoder_on(call->cred.body.data,
						  call->cred.body.len, NULL);

	out->sys = (struct ferry_auth_sys){ 0 };
	get_sys(&d, &out->sys);
	if (ferry_get_end(&d))
		return FERRY_AUTH_BADCRED;
	if (!fy_auth_verf_is_none(&call->verf))
		return FERRY_AUTH_BADVERF;
	out->flavor = FERRY_AUTH_SYS;
	return FERRY_AUTH_OK;
}

const struct fy_auth_ops fy_auth_sys = {
	.flavor = FERRY_AUTH_SYS,
	.encode = sys_encode,
	.check = sys_check,
};
