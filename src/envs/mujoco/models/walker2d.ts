/**
 * Walker2d: the hopper's torso on two legs, in the plane of x and z; the legs do not touch each other. Its long numbers are
 * differences of heights as doubles have them, see hopper.ts.
 */
const leg = (side: "" | "_left") => `
      <body name="thigh${side}" pos="0 0 -0.19999999999999996">
        <joint name="thigh${side}_joint" range="-150 0"/>
        <geom name="thigh${side}_geom" pos="0 0 -0.2250000000000001" size="0.05 0.22500000000000003"/>
        <body name="leg${side}" pos="0 0 -0.7000000000000001">
          <joint name="leg${side}_joint" pos="0 0 0.25" range="-150 0"/>
          <geom name="leg${side}_geom" size="0.04 0.25"/>
          <body name="foot${side}" pos="0.2 0 -0.35">
            <joint name="foot${side}_joint" pos="-0.2 0 0.1" range="-45 45"/>
            <geom name="foot${side}_geom" fromto="-0.2 0 0.1 0 0 0.1" size="0.06" friction="1.9 0.1 0.1"/>
          </body>
        </body>
      </body>`;

export const walker2dModel = `
<mujoco model="walker 2d">
  <option timestep="0.002" integrator="RK4"/>
  <size memory="256K"/>

  <default>
    <geom type="capsule" contype="1" conaffinity="0" friction="0.9 0.1 0.1"/>
    <joint type="hinge" axis="0 -1 0" limited="true" armature="0.01" damping="0.1"/>
    <default class="root">
      <joint type="slide" pos="0 0 -1.25" limited="false" armature="0" damping="0"/>
    </default>
    <motor ctrllimited="true" ctrlrange="-1 1" gear="100"/>
  </default>

  <worldbody>
    <geom name="floor" type="plane" size="40 40 40" conaffinity="1" friction="0.7 0.1 0.1"/>

    <body name="torso" pos="0 0 1.25">
      <joint name="rootx" class="root" axis="1 0 0"/>
      <joint name="rootz" class="root" axis="0 0 1" ref="1.25"/>
      <joint name="rooty" class="root" type="hinge" axis="0 1 0" pos="0 0 0"/>
      <geom name="torso_geom" size="0.05 0.19999999999999996"/>
${leg("")}
${leg("_left")}
    </body>
  </worldbody>

  <actuator>
    <motor joint="thigh_joint"/>
    <motor joint="leg_joint"/>
    <motor joint="foot_joint"/>
    <motor joint="thigh_left_joint"/>
    <motor joint="leg_left_joint"/>
    <motor joint="foot_left_joint"/>
  </actuator>
</mujoco>
`;
