/**
 * Hopper: a torso on one leg of thigh, shin and foot, in the plane of x and z. Numbers such as -0.19999999999999996 are
 * differences of heights above the floor (1.05 - 1.25) as doubles have them; with -0.2 the first step would differ in its last bit.
 */
export const hopperModel = `
<mujoco model="hopper">
  <option timestep="0.002" integrator="RK4"/>
  <size memory="256K"/>

  <default>
    <geom type="capsule" contype="1" conaffinity="1" condim="1" margin="0.001" friction="0.9" solimp="0.8 0.8 0.01"/>
    <joint type="hinge" axis="0 -1 0" limited="true" armature="1" damping="1"/>
    <default class="root">
      <joint type="slide" pos="0 0 -1.25" limited="false" armature="0" damping="0"/>
    </default>
    <motor ctrllimited="true" ctrlrange="-1 1" gear="200"/>
  </default>

  <worldbody>
    <geom name="floor" type="plane" size="20 20 0.125" condim="3" friction="1"/>

    <body name="torso" pos="0 0 1.25">
      <joint name="rootx" class="root" axis="1 0 0"/>
      <joint name="rootz" class="root" axis="0 0 1" ref="1.25"/>
      <joint name="rooty" class="root" type="hinge" axis="0 1 0" pos="0 0 0"/>
      <geom name="torso_geom" size="0.05 0.19999999999999996"/>

      <body name="thigh" pos="0 0 -0.19999999999999996">
        <joint name="thigh_joint" range="-150 0"/>
        <geom name="thigh_geom" pos="0 0 -0.2250000000000001" size="0.05 0.22500000000000003"/>

        <body name="leg" pos="0 0 -0.7000000000000001">
          <joint name="leg_joint" pos="0 0 0.25" range="-150 0"/>
          <geom name="leg_geom" size="0.04 0.25"/>

          <body name="foot" pos="0.13 0 -0.35">
            <joint name="foot_joint" pos="-0.13 0 0.1" range="-45 45"/>
            <geom name="foot_geom" fromto="-0.26 0 0.1 0.13 0 0.1" size="0.06" friction="2"/>
          </body>
        </body>
      </body>
    </body>
  </worldbody>

  <actuator>
    <motor joint="thigh_joint"/>
    <motor joint="leg_joint"/>
    <motor joint="foot_joint"/>
  </actuator>
</mujoco>
`;
